"""Who may be looked at: where the robot is, what people are told, and what they allow. Not legal advice."""
