package helm

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"helm.sh/helm/v3/pkg/chart"
)

// schemaURL is the name under which Helm compiles a schema.
const schemaURL = "file:///values.schema.json"

// checkSchemas checks the merged values of a chart and its subcharts by their schemas,
// as Helm does, but without what would read files and fetch documents.
func (c *Chart) checkSchemas(root *chart.Chart, values map[string]any) error {
	var faults []ValueFault
	if err := c.schemaFaults(root, root.Name(), values, nil, &faults); err != nil {
		return err
	}
	if len(faults) == 0 {
		return nil
	}
	slices.SortStableFunc(faults, func(a, b ValueFault) int { return slices.Compare(a.Path, b.Path) })
	return &ValuesError{Faults: faults}
}

func (c *Chart) schemaFaults(of *chart.Chart, file string, values map[string]any, at []string, faults *[]ValueFault) error {
	if of.Schema != nil {
		found, err := c.schemas.faults(of.Schema, values)
		if err != nil {
			return &Error{Template: file + "/values.schema.json", Reason: oneLine(err.Error())}
		}
		for _, f := range found {
			f.Chart, f.Path = of.Name(), append(slices.Clone(at), f.Path...)
			*faults = append(*faults, f)
		}
	}
	for _, sub := range of.Dependencies() {
		under := append(slices.Clone(at), sub.Name())
		switch v := values[sub.Name()].(type) {
		case nil:
		case map[string]any:
			if err := c.schemaFaults(sub, file+"/charts/"+sub.Name(), v, under, faults); err != nil {
				return err
			}
		default:
			*faults = append(*faults, ValueFault{Path: under, Chart: sub.Name(), Reason: notMap})
		}
	}
	return nil
}

// schemas are the schemas of a chart and its subcharts that were compiled, by their
// text. The zero value is empty.
type schemas struct {
	mu       sync.Mutex
	compiled map[string]*jsonschema.Schema
}

// faults returns what is wrong with values by one schema.
func (s *schemas) faults(schema []byte, values map[string]any) (faults []ValueFault, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the schema cannot be used: %v", r)
		}
	}()
	compiled, err := s.get(schema)
	if err != nil {
		return nil, err
	}
	if values == nil {
		values = map[string]any{}
	}
	err = compiled.Validate(values)
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return nil, err
	}
	leaves(invalid, &faults)
	return faults, nil
}

func (s *schemas) get(schema []byte) (*jsonschema.Schema, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.compiled[string(schema)]; known != nil {
		return known, nil
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(nothing{})
	if err := compiler.AddResource(schemaURL, doc); err != nil {
		return nil, err
	}
	compiled, err := compiler.Compile(schemaURL)
	if err != nil {
		return nil, err
	}
	if s.compiled == nil {
		s.compiled = map[string]*jsonschema.Schema{}
	}
	s.compiled[string(schema)] = compiled
	return compiled, nil
}

// leaves collects the errors that have no cause of their own.
func leaves(e *jsonschema.ValidationError, faults *[]ValueFault) {
	if len(e.Causes) == 0 {
		*faults = append(*faults, ValueFault{Path: e.InstanceLocation, Reason: oneLine(e.ErrorKind.LocalizedString(english))})
	}
	for _, cause := range e.Causes {
		leaves(cause, faults)
	}
}

var english = message.NewPrinter(language.English)

// nothing refuses what a schema refers to outside of itself. Names of the scheme urn
// stand for any value, as with Helm.
type nothing struct{}

func (nothing) Load(url string) (any, error) {
	if strings.HasPrefix(url, "urn:") {
		return true, nil
	}
	return nil, fmt.Errorf("it refers to %q, which is not part of the chart and is not fetched", url)
}
