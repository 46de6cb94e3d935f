"""Keep the plan, the proposed grades, the panel's decisions and recommendations."""
