package model

import (
	"cmp"
	"fmt"
	"strings"
)

// PeerNames returns the names of the entries of a list: their own, or else the
// app, host or CIDR. Where another entry has that name, the port is added.
func PeerNames(list []Peer) []string {
	return entryNames(len(list), func(i int) (string, string, string) {
		p, port := list[i], ""
		if p.Port != nil {
			port = p.Port.String()
		}
		target := cmp.Or(p.App, p.Host, p.CIDR)
		if target == "" && p.KubernetesAPI != nil {
			target = "kubernetesAPI"
		}
		return p.Name, target, port
	})
}

// CallerNames returns the names of the entries of a list: their own, or else the
// namespace or CIDR, or monitoring. Where another entry has that name, the ports
// are added.
func CallerNames(list []Caller) []string {
	return entryNames(len(list), func(i int) (string, string, string) {
		c := list[i]
		target := cmp.Or(c.Namespace, c.CIDR)
		if target == "" && c.Monitoring != nil {
			target = "monitoring"
		}
		return c.Name, target, strings.Join(c.Ports, ",")
	})
}

// entryNames returns the names of n entries, of which of returns the name, what
// it is named after otherwise, and what distinguishes it from others of that
// name. Names are unique but for those that entries have themselves, and for "".
func entryNames(n int, of func(int) (name, target, detail string)) []string {
	out := make([]string, n)
	taken, last := make(map[string]bool, n), map[string]int{}
	for i := range out {
		out[i], _, _ = of(i)
		taken[out[i]] = true
	}
	for i := range out {
		_, target, detail := of(i)
		if out[i] != "" || target == "" {
			continue
		}
		name := target
		if taken[name] && detail != "" {
			name += ":" + detail
		}
		for base := name; taken[name]; {
			last[base] = max(last[base], 1) + 1
			name = fmt.Sprintf("%s#%d", base, last[base])
		}
		out[i], taken[name] = name, true
	}
	return out
}
