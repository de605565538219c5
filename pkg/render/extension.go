package render

import (
	"fmt"
	"path"
	"runtime"
	"strings"
)

// guard calls an extension of the user. Its error, and its panic, name it.
func guard[T any](name string, call func() (T, error)) (out T, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%s panicked%s: %v", name, panicked(), v)
		}
	}()
	if out, err = call(); err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return out, err
}

// panicked says where the panic came from that is being recovered: the first
// function that is not Go's own.
func panicked() string {
	pc := make([]uintptr, 64)
	frames := runtime.CallersFrames(pc[:runtime.Callers(3, pc)])
	for {
		f, more := frames.Next()
		if f.Function != "" && !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf(" at %s:%d", path.Base(f.File), f.Line)
		}
		if !more {
			return ""
		}
	}
}
