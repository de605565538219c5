package model

// Ptr returns a pointer to v, for the optional fields of the model: a nil
// pointer is "not said", a pointer to zero is a value.
func Ptr[T any](v T) *T { return &v }
