package expand

import (
	"fmt"
	"strings"
	"text/template"
)

// engine executes templates.
type engine struct {
	base, strict *template.Template
	parsed       map[templateKey]parsedTemplate
}

type templateKey struct {
	text   string
	strict bool
}

type parsedTemplate struct {
	t   *template.Template
	err error
}

func newEngine(options []string) (*engine, error) {
	e := &engine{parsed: map[templateKey]parsedTemplate{}, base: template.New("base"), strict: template.New("base").Option("missingkey=error")}
	for i, option := range options {
		switch option {
		case "missingkey=default", "missingkey=invalid", "missingkey=zero", "missingkey=error":
			e.base.Option(option)
		default:
			return nil, fmt.Errorf("spec.goTemplateOptions[%d] is %q: use missingkey=error, or one of missingkey=default, =invalid and =zero", i, option)
		}
	}
	return e, nil
}

// text executes one template; where names it in errors.
func (e *engine) text(where, text string, params map[string]any) (string, error) {
	return e.execute(where, templateKey{text: text}, params)
}

func (e *engine) execute(where string, key templateKey, params map[string]any) (string, error) {
	if !strings.Contains(key.text, "{{") {
		return key.text, nil
	}
	p, ok := e.parsed[key]
	if !ok {
		p.t, p.err = e.parse(key)
		e.parsed[key] = p
	}
	if p.err != nil {
		return "", fmt.Errorf("%s: %w", where, p.err)
	}
	var out strings.Builder
	if err := p.t.Execute(&out, params); err != nil {
		return "", fmt.Errorf("%s: %w", where, err)
	}
	return out.String(), nil
}

func (e *engine) parse(key templateKey) (*template.Template, error) {
	base := e.base
	if key.strict {
		base = e.strict
	}
	t, err := base.Clone()
	if err != nil {
		return nil, err
	}
	return t.Parse(key.text)
}
