"""Attitudes: how did the police regard and treat victims, in their language and their actions?"""
