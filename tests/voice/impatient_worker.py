"""The voice worker with less patience: AWAY_SECONDS says after how much silence it asks whether somebody is there."""

import os
from functools import partial

import agent
from voice import job

if __name__ == "__main__":
    agent.main(run=partial(job.run, away_seconds=float(os.environ["AWAY_SECONDS"])))
