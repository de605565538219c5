package argocd

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
	"github.com/gitopsgen/gitopsgen/templates"
)

// settings returns the files of what the root creates to configure its instance:
// the registrations of clusters, and notifications.
func (m *Model) settings(a *model.ArgoCD) ([]tree.File, error) {
	var out []tree.File
	add := func(name string, m map[string]any, dir string) {
		out = append(out, tree.File{Path: layout.Setting(dir, name), Data: object.Marshal(m), Owner: bootstrapOwner(a)})
	}
	for _, name := range slices.Sorted(slices.Values(a.Clusters)) {
		for _, c := range m.fleet.Clusters {
			if c.Name == name && c.Registration != nil {
				add("cluster-"+name, m.registration(a, c), m.dir(a))
			}
		}
	}
	if n := a.Notifications; n != nil {
		data, err := notifications(a, n)
		if err != nil {
			return nil, err
		}
		add("notifications-cm", configMap(a, "argocd-notifications-cm", data), m.dir(a))
		if n.Secret != nil {
			secret := externalSecret(a, "argocd-notifications-secret", *n.Secret)
			secret["spec"].(map[string]any)["dataFrom"] = []any{map[string]any{"extract": extract(n.Secret.Key)}}
			add("notifications-secret", secret, m.dir(a))
		}
	}
	return out, nil
}

// registration returns the ExternalSecret that registers a cluster: its name,
// address and labels, and from the store how to log in.
func (m *Model) registration(a *model.ArgoCD, c model.Cluster) map[string]any {
	labels := m.clusterLabels(c)
	labels["argocd.argoproj.io/secret-type"] = "cluster"
	out := externalSecret(a, "cluster-"+c.Name, *c.Registration)
	spec := out["spec"].(map[string]any)
	remote := extract(c.Registration.Key)
	remote["property"] = "config"
	spec["data"] = []any{map[string]any{"secretKey": "config", "remoteRef": remote}}
	spec["target"].(map[string]any)["template"] = map[string]any{
		"engineVersion": "v2", "mergePolicy": "Replace",
		"metadata": map[string]any{"labels": labels},
		"data":     map[string]any{"name": c.Name, "server": address(a, c), "config": "{{ .config }}"},
	}
	return out
}

// clusterLabels returns the labels of a cluster's registration: its own, its
// name, and the environments that it is part of.
func (m *Model) clusterLabels(c model.Cluster) map[string]any {
	labels := map[string]any{}
	for k, v := range c.Labels {
		labels[k] = v
	}
	labels[clusterLabel] = c.Name
	for _, e := range m.fleet.Environments {
		if slices.Contains(e.Clusters, c.Name) {
			labels[memberPrefix+e.Name] = "true"
		}
	}
	return labels
}

// extract returns a reference to a remote secret with all that the server would
// fill in.
func extract(key string) map[string]any {
	return map[string]any{"key": key, "conversionStrategy": "Default", "decodingStrategy": "None", "metadataPolicy": "None"}
}

func externalSecret(a *model.ArgoCD, name string, from model.Registration) map[string]any {
	return map[string]any{
		"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret",
		"metadata": map[string]any{"name": name, "namespace": a.Namespace, "labels": map[string]any{"app.kubernetes.io/managed-by": "gitopsgen"}},
		"spec": map[string]any{
			"refreshPolicy": "Periodic", "refreshInterval": "1h0m0s",
			"secretStoreRef": map[string]any{"kind": "ClusterSecretStore", "name": from.Store},
			"target":         map[string]any{"name": name, "creationPolicy": "Owner", "deletionPolicy": "Retain"},
		},
	}
}

// notifications returns the data of argocd-notifications-cm: the services, the
// triggers and texts that somebody may subscribe to, and who is told of everything.
func notifications(a *model.ArgoCD, n *model.Notifications) (map[string]any, error) {
	data := map[string]any{}
	if a.URL != "" {
		data["context"] = "argocdUrl: " + a.URL + "\n"
	}
	for _, s := range n.Services {
		text, err := json.Marshal(s.Settings)
		if err != nil {
			return nil, err
		}
		value, err := object.ParseValue(text)
		if err != nil {
			return nil, err
		}
		data["service."+s.Name] = string(object.Marshal(value))
	}
	if err := texts(data); err != nil {
		return nil, err
	}
	for name, text := range n.Templates {
		data["template."+name] = text
	}
	for _, t := range view.Triggers(n) {
		data["trigger."+t.Name] = string(object.Marshal([]any{map[string]any{
			"when": t.When, "oncePer": t.OncePer, "send": anys(t.Send)}}))
	}
	if len(n.Notify) > 0 {
		var list []any
		for _, s := range n.Notify {
			recipients := make([]any, len(s.To))
			for i, to := range s.To {
				recipients[i] = s.Service + ":" + to
			}
			on := s.On
			if on == nil {
				on = view.DefaultTriggers()
			}
			list = append(list, map[string]any{"recipients": recipients, "triggers": anys(on)})
		}
		data["subscriptions"] = string(object.Marshal(list))
	}
	return data, nil
}

// texts adds the templates that every instance has.
func texts(data map[string]any) error {
	const dir = "notifications"
	entries, err := templates.FS.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		text, err := templates.FS.ReadFile(path.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		data["template."+strings.TrimSuffix(e.Name(), ".yaml")] = string(text)
	}
	return nil
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}
