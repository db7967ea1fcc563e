"""Pictures that go with answers: values in, PNG out, and the same in words."""
