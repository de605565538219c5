package crds

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"
)

// definitions downloads and reads the custom resource definitions of a release.
func (r release) definitions(ctx context.Context) ([]*apiextensionsv1.CustomResourceDefinition, error) {
	archive, err := r.download(ctx)
	if err != nil {
		return nil, err
	}
	files, err := zip.OpenReader(archive)
	if err != nil {
		return nil, err
	}
	defer files.Close()
	var out []*apiextensionsv1.CustomResourceDefinition
	for _, f := range files.File {
		name := strings.TrimPrefix(f.Name, r.module+"@"+r.version+"/")
		if matches, err := path.Match(r.files, name); err != nil || !matches {
			if err != nil {
				return nil, err
			}
			continue
		}
		found, err := readDefinitions(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		out = append(out, found...)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s@%s has no definitions in %s", r.module, r.version, r.files)
	}
	return out, nil
}

// download returns the module's archive in the module cache. The archive is
// read, and not the directory beside it, since the go command unpacks no module
// that wants a newer Go; it says so by an error, and the archive is there.
func (r release) download(ctx context.Context) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", r.module+"@"+r.version)
	cmd.Dir = os.TempDir() // not in a module, whose versions would matter
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var module struct{ Zip, Sum, Error string }
	if jsonErr := json.Unmarshal(out, &module); jsonErr != nil {
		return "", fmt.Errorf("downloading %s@%s: %w\n%s", r.module, r.version, errors.Join(err, jsonErr), stderr.Bytes())
	}
	if module.Zip == "" || module.Sum == "" {
		return "", fmt.Errorf("downloading %s@%s: %s", r.module, r.version, module.Error)
	}
	return module.Zip, nil
}

// readDefinitions reads the definitions of one file, and skips other objects.
func readDefinitions(f *zip.File) ([]*apiextensionsv1.CustomResourceDefinition, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	documents, err := split(data)
	if err != nil {
		return nil, err
	}
	var out []*apiextensionsv1.CustomResourceDefinition
	for _, d := range documents {
		crd := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.Unmarshal(d, crd); err != nil {
			return nil, err
		}
		if crd.Kind == "CustomResourceDefinition" {
			apiextensionsv1.SetDefaults_CustomResourceDefinition(crd)
			out = append(out, crd)
		}
	}
	return out, nil
}
