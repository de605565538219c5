package object

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// oldBools are the bare words that YAML 1.1 alone takes for bools, and that
// Kubernetes' readers do too.
var oldBools = map[string]bool{
	"y": true, "Y": true, "yes": true, "Yes": true, "YES": true, "on": true, "On": true, "ON": true,
	"n": false, "N": false, "no": false, "No": false, "NO": false, "off": false, "Off": false, "OFF": false,
}

// scalar returns a scalar's value.
func scalar(n *yaml.Node) (any, error) {
	tagged := n.Style&yaml.TaggedStyle != 0
	switch tag := n.ShortTag(); {
	case tag == "!!null":
		return nil, nil
	case tag == "!!str" || tag == "!!timestamp" && !tagged:
		if b, ok := oldBools[n.Value]; ok && n.Style == 0 {
			return b, nil
		}
		return n.Value, nil
	case tag == "!!bool":
		return boolean(n)
	case tag == "!!int":
		return integer(n)
	case tag == "!!float":
		return decimal(n)
	}
	return nil, fmt.Errorf("line %d: the tag %s is not supported", n.Line, n.Tag)
}

func boolean(n *yaml.Node) (any, error) {
	if b, ok := oldBools[n.Value]; ok {
		return b, nil
	}
	var b bool
	if err := n.Decode(&b); err != nil {
		return nil, fmt.Errorf("line %d: %q is not a boolean", n.Line, n.Value)
	}
	return b, nil
}

func integer(n *yaml.Node) (any, error) {
	i, ok := new(big.Int).SetString(strings.ReplaceAll(n.Value, "_", ""), 0)
	if !ok {
		return nil, fmt.Errorf("line %d: %q is not an integer", n.Line, n.Value)
	}
	if i.IsInt64() {
		return i.Int64(), nil
	}
	return Number(i.String()), nil
}

func decimal(n *yaml.Node) (any, error) {
	var f float64
	if err := n.Decode(&f); err != nil {
		return nil, fmt.Errorf("line %d: %q is not a number", n.Line, n.Value)
	}
	text := n.Value
	if !json.Valid([]byte(text)) { // .5, +1.5 and 1_000.5
		text = strconv.FormatFloat(f, 'g', -1, 64)
	}
	v, err := float(f, text)
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", n.Line, err)
	}
	return v, nil
}
