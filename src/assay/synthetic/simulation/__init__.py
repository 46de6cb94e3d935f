"""Simulation study: how well does the inspection find injected failings?"""
