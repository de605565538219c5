package charts

import "time"

// WithPause lets a fetcher wait for another time before it asks again.
func (f *Fetcher) WithPause(d time.Duration) *Fetcher {
	f.pause = d
	return f
}

// NamesOfIndex returns the names of the charts in an index and the versions of one, and
// whether only its part was parsed.
func NamesOfIndex(data []byte, name string) (names, versions []string, inPart bool, err error) {
	i, err := parseIndex(data)
	if err != nil {
		return nil, nil, false, err
	}
	all, _, err := i.chart(name)
	for _, p := range all {
		versions = append(versions, p.Version)
	}
	return i.names(), versions, i.parts != nil, err
}

// Choose is choose.
func Choose(requested string, have ...string) (string, error) { return choose(requested, have) }

// LoginOf is loginOf.
func LoginOf(netrc, host string) (user, password string) { return loginOf(netrc, host) }
