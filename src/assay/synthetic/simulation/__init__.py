"""How well does the inspection find what is wrong, where it is known what is wrong, because it was made up?"""
