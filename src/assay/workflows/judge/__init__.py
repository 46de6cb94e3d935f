"""The plan, the proposed grades, the panel's decisions and the recommendations of an inspection."""
