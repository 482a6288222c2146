"""How the project's SQL becomes SQL of another engine: what is allowed, and what is changed."""
