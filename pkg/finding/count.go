package finding

import "strconv"

// Count returns a number of things, as in "1 app" and "2 apps".
func Count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}
