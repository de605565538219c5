package credential_test

import (
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
)

// BenchmarkFind looks at texts as a model has them: short words, images,
// addresses, and a file.
func BenchmarkFind(b *testing.B) {
	texts := []string{"frontend", "ghcr.io/acme/frontend:5.0.1", "app.kubernetes.io/managed-by", "http://prometheus.monitoring:9090",
		"cartservice:7070", "/etc/config/app.yaml", strings.Repeat("server:\n  port: 8080\n  log: info\n", 20)}
	for b.Loop() {
		for _, t := range texts {
			credential.FindNamed("ADDRESS", t)
		}
	}
}

// BenchmarkHostile looks at texts of 2 MB that a careless matcher reads again and
// again.
func BenchmarkHostile(b *testing.B) {
	for _, piece := range []string{"x://", "password=", "password=x;", "a: b\n", "{\"a\":", "://a:${X}@b "} {
		text := strings.Repeat(piece, 2<<20/len(piece))
		b.Run(piece, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				credential.Judge("", text)
			}
		})
	}
}
