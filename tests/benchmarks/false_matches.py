"""What a score means: how often two different persons reach it. Prints the table of facematch/engine/meaning.py.

    python tests/benchmarks/false_matches.py FOLDER

FOLDER has one folder for each person (the layout of Labeled Faces in the Wild). The first photo of each person that the
engine accepts with its default limits is compared with that of every other person.
"""

import argparse
from pathlib import Path

import numpy as np

from facematch.engine.api import Look
from facematch.engine.pipeline import FaceEngine
from facematch.engine.score import score_of
from facematch.errors import PictureRefused
from facematch.settings import Settings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    engine = FaceEngine(Settings())
    persons = sorted(path for path in folder.iterdir() if path.is_dir())
    looks = [look for person in persons if (look := first_accepted(engine, person)) is not None]
    embeddings = np.stack([look.embedding for look in looks if look.embedding is not None])
    cosines = (embeddings @ embeddings.T)[np.triu_indices(len(embeddings), 1)]
    scores = np.array([score_of(float(cosine)) for cosine in cosines])
    counts = [int((scores >= score).sum()) for score in range(101)]
    print(f"persons {len(embeddings)} of {len(persons)}, non-mated pairs {scores.size:,}, engine {engine.name}")
    print(f"PERSONS = {len(embeddings)}\nREACHED = {tuple(counts)}")


def first_accepted(engine: FaceEngine, person: Path) -> Look | None:
    """The first photo, by name, that is not refused."""
    for path in sorted(person.iterdir()):
        try:
            look = engine.look(engine.decode(path.read_bytes()))
        except PictureRefused:
            continue
        if look.embedding is not None:
            return look
    return None


if __name__ == "__main__":
    main()
