package credential

import (
	"io"
	"regexp"
	"strings"
	"testing"
)

// hostile are pieces of texts that make a careless matcher read one place again and
// again.
var hostile = []string{"x://", "password=", "password=x;", "password=${X};", "://a:${X}@b ", "a=b;password=", "curl -u a:$X ", "\"kty\":", "\"d\":\"", "mysql -p ", "user a on ",
	"basic ", "bearer ", "-----BEGIN PRIVATE", "eyJhbGciOi", "--token ", "<password>", "name=password ", "machine a login b password ", "identified by ", "%70", `\"`, `\n`, "{", "[", "- ", "a:\n", "key: ", "AAAA", "sk-"}

// TestFormsAreLinear counts what the expression of each form reads of hostile texts
// of two lengths: of one that is twice as long, it reads no more than twice as much,
// and little more than once over.
func TestFormsAreLinear(t *testing.T) {
	const size = 512
	reads := func(re *regexp.Regexp, text string) int {
		n := 0
		for rest := text; rest != ""; {
			r := &countingReader{RuneReader: strings.NewReader(rest)}
			at := re.FindReaderSubmatchIndex(r)
			n += r.n
			if at == nil {
				break
			}
			rest = rest[max(1, at[1]):]
		}
		return n
	}
	for _, f := range forms().all {
		re, err := f.expression()
		if err != nil {
			t.Fatalf("%s: %v", f.name, err)
		}
		pieces := append([]string{}, hostile...)
		for _, k := range f.keywords {
			text, and, _ := strings.Cut(k, "&")
			pieces = append(pieces, text, text+and, text+" "+and+" ")
		}
		for _, p := range pieces {
			if p == "" {
				continue
			}
			once, twice := reads(re, strings.Repeat(p, size/len(p))), reads(re, strings.Repeat(p, 2*size/len(p)))
			if twice > 3*once+64 || twice > 16*2*size {
				t.Errorf("%s reads %d of %q to the length of %d, and %d of twice as much", f.name, once, p, size, twice)
			}
		}
	}
}

type countingReader struct {
	io.RuneReader
	n int
}

func (r *countingReader) ReadRune() (rune, int, error) {
	r.n++
	return r.RuneReader.ReadRune()
}

// TestCandidatesAreLinear counts how often the index asks whether a text holds what
// a keyword needs besides: once for each keyword, however often the keyword is there.
func TestCandidatesAreLinear(t *testing.T) {
	for _, p := range hostile {
		text := strings.Repeat(p, 1<<14)
		if n, most := len(forms().candidates(text)), len(forms().all); n > most {
			t.Errorf("%q has %d candidates of %d forms", p, n, most)
		}
		read := 0
		assignments(text, func(_, value string, _ bool) { read += len(value) })
		if most := maxValue * (len(text)/len(p) + 1); read > most {
			t.Errorf("%q: values of %d bytes are read from %d", p, read, len(text))
		}
	}
}
