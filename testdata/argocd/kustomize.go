package argocd

import (
	"fmt"
	"io"
	"reflect"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"sigs.k8s.io/kustomize/api/provider"
	"sigs.k8s.io/kustomize/kustomize/v5/commands/edit"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
)

// edited returns a kustomization as Argo CD edits it by an Application's source
// before it builds it: by kustomize's own edit commands, of the release that Argo
// CD bundles, in the order in which Argo CD runs them. Its util/kustomize runs
// them as processes, for which a judge would have to install a binary.
func edited(data []byte, by *v1alpha1.ApplicationSourceKustomize) ([]byte, error) {
	known := &v1alpha1.ApplicationSourceKustomize{Images: by.Images, Namespace: by.Namespace, Patches: by.Patches}
	if !reflect.DeepEqual(by, known) {
		return nil, fmt.Errorf("the judge edits images, namespace and patches only, and the source has %+v", *by)
	}
	files := filesys.MakeFsInMemory()
	if err := files.WriteFile(layout.Kustomization, data); err != nil {
		return nil, err
	}
	var commands [][]string
	if len(by.Images) > 0 {
		set := []string{"set", "image"}
		for _, image := range by.Images {
			set = append(set, string(image))
		}
		commands = append(commands, set)
	}
	if by.Namespace != "" {
		commands = append(commands, []string{"set", "namespace", "--", by.Namespace})
	}
	for _, args := range commands {
		own := provider.NewDefaultDepProvider()
		command := edit.NewCmdEdit(files, own.GetFieldValidator(), own.GetResourceFactory(), io.Discard)
		command.SetArgs(args)
		command.SilenceUsage, command.SilenceErrors = true, true
		if err := command.Execute(); err != nil {
			return nil, fmt.Errorf("kustomize edit %q: %w", args, err)
		}
	}
	out, err := files.ReadFile(layout.Kustomization)
	if err != nil {
		return nil, err
	}
	return patched(out, by.Patches)
}

// patched appends patches to those of a kustomization, for which kustomize has no
// command.
func patched(data []byte, patches v1alpha1.KustomizePatches) ([]byte, error) {
	if len(patches) == 0 {
		return data, nil
	}
	fields := map[string]any{}
	if err := yaml.Unmarshal(data, &fields); err != nil {
		return nil, err
	}
	list, ok := fields["patches"].([]any)
	if !ok && fields["patches"] != nil {
		return nil, fmt.Errorf("patches is a %T, to which Argo CD appends nothing", fields["patches"])
	}
	for _, p := range patches {
		list = append(list, p)
	}
	fields["patches"] = list
	return yaml.Marshal(fields)
}
