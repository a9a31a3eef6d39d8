"""The voice worker with less patience: AWAY_SECONDS says after how much silence it asks whether somebody is there."""

import os

import agent
from voice import framework

framework.AWAY_SECONDS = float(os.environ["AWAY_SECONDS"])

if __name__ == "__main__":
    agent.main()
