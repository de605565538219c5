package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// definitions says where the definitions of an operator's custom resources
// come from: files of a Go module.
type definitions struct {
	module, version string
	// files is a pattern below the module's directory.
	files string
}

// operators are those whose kinds the examples and the sample fleets use.
var operators = []definitions{
	{"github.com/argoproj/argo-cd/v3", "v3.5.7", "manifests/crds/*-crd.yaml"},
	{"github.com/external-secrets/external-secrets", "v1.3.2", "config/crds/bases/*external-secrets.io_*.yaml"},
	{"github.com/cert-manager/cert-manager", "v1.21.2", "deploy/crds/*.yaml"},
	{"sigs.k8s.io/gateway-api", "v1.6.3", "config/crd/standard/gateway.networking.k8s.io_*.yaml"},
	{"sigs.k8s.io/external-dns", "v0.22.0", "config/crd/standard/*.yaml"},
	{"istio.io/api", "v1.31.1", "kubernetes/customresourcedefinitions.gen.yaml"},
	{"github.com/prometheus-operator/prometheus-operator", "v0.85.0",
		"example/prometheus-operator-crd/monitoring.coreos.com_*.yaml"},
	{"github.com/kedacore/keda/v2", "v2.21.0", "config/crd/bases/*.yaml"},
	{"k8s.io/autoscaler/vertical-pod-autoscaler", "v1.8.1", "deploy/vpa-v1-crd-gen.yaml"},
}

// install applies the definitions for real, and waits until the server serves
// their kinds.
func (d definitions) install(ctx context.Context, c *client) error {
	dir, err := d.download(ctx)
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(d.files)))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%s@%s has no files %s", d.module, d.version, d.files)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for doc := range bytes.SplitSeq(data, []byte("\n---\n")) {
			if err := c.define(ctx, doc); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

// define applies one definition, and waits until the server serves its kind.
func (c *client) define(ctx context.Context, doc []byte) error {
	o := &unstructured.Unstructured{}
	if err := yaml.Unmarshal(doc, &o.Object); err != nil {
		return err
	}
	if o.GetKind() != "CustomResourceDefinition" {
		return nil // an empty document, or a policy of the operator's
	}
	if _, err := c.apply(ctx, o); err != nil {
		return err
	}
	return c.waitServed(ctx, o)
}

// download returns the module's directory in the module cache.
func (d definitions) download(ctx context.Context) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", d.module+"@"+d.version)
	cmd.Dir = os.TempDir() // not in a module, whose versions would matter
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("downloading %s@%s: %w\n%s%s", d.module, d.version, err, out, stderr.Bytes())
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		return "", fmt.Errorf("downloading %s@%s: %w", d.module, d.version, err)
	}
	return module.Dir, nil
}

// waitServed waits, for half a minute at most, until the server offers the kind
// that a definition defines.
func (c *client) waitServed(ctx context.Context, definition *unstructured.Unstructured) error {
	group, _, _ := unstructured.NestedString(definition.Object, "spec", "group")
	kind, _, _ := unstructured.NestedString(definition.Object, "spec", "names", "kind")
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		c.mapper.Reset()
		_, err := c.mapper.RESTMapping(schema.GroupKind{Group: group, Kind: kind})
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", definition.GetName(), err)
		case <-time.After(200 * time.Millisecond):
		}
	}
}
