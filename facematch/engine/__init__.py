"""Faces in pictures: decode, detect, choose, align, recognise, judge quality, score."""
