// Package fill sets what nobody set: it is what defaults are written with. Zero,
// false and "" behind a pointer are values, and stay.
package fill

// Nil sets an optional value that nobody set.
func Nil[T any](p **T, v T) {
	if *p == nil {
		*p = &v
	}
}

// Zero sets a value that nobody set.
func Zero[T comparable](p *T, v T) {
	var zero T
	if *p == zero {
		*p = v
	}
}

// Struct returns what an optional struct points to, which it makes if need be.
func Struct[T any](p **T) *T {
	if *p == nil {
		*p = new(T)
	}
	return *p
}

// Key sets the value of a key that a map does not have.
func Key[K comparable, V any](m map[K]V, key K, v V) {
	if _, ok := m[key]; !ok {
		m[key] = v
	}
}
