"""The command `ruuhka`: one file a command; `program` says what each takes."""
