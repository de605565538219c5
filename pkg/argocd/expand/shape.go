package expand

import (
	"encoding/json"
	"errors"
	"fmt"
)

// shape is what templates and patches commonly set of an Application, for its
// types: a label that is a number is an error here and in Argo CD.
type shape struct {
	Metadata struct {
		Name        string            `json:"name"`
		Labels      map[string]string `json:"labels"`
		Annotations map[string]string `json:"annotations"`
		Finalizers  []string          `json:"finalizers"`
	} `json:"metadata"`
	Spec struct {
		Project     string        `json:"project"`
		Source      sourceShape   `json:"source"`
		Sources     []sourceShape `json:"sources"`
		Destination struct {
			Server    string `json:"server"`
			Name      string `json:"name"`
			Namespace string `json:"namespace"`
		} `json:"destination"`
		SyncPolicy           syncShape           `json:"syncPolicy"`
		IgnoreDifferences    []map[string]any    `json:"ignoreDifferences"`
		RevisionHistoryLimit int64               `json:"revisionHistoryLimit"`
		Info                 []map[string]string `json:"info"`
	} `json:"spec"`
}

type sourceShape struct {
	RepoURL        string `json:"repoURL"`
	Path           string `json:"path"`
	TargetRevision string `json:"targetRevision"`
	Chart          string `json:"chart"`
	Ref            string `json:"ref"`
	Name           string `json:"name"`
	Helm           struct {
		ValueFiles  []string `json:"valueFiles"`
		ReleaseName string   `json:"releaseName"`
		Values      string   `json:"values"`
		Parameters  []struct {
			Name        string `json:"name"`
			Value       string `json:"value"`
			ForceString bool   `json:"forceString"`
		} `json:"parameters"`
		ValuesObject map[string]any `json:"valuesObject"`
	} `json:"helm"`
	Kustomize struct {
		NamePrefix        string            `json:"namePrefix"`
		NameSuffix        string            `json:"nameSuffix"`
		Namespace         string            `json:"namespace"`
		Images            []string          `json:"images"`
		CommonLabels      map[string]string `json:"commonLabels"`
		CommonAnnotations map[string]string `json:"commonAnnotations"`
		Components        []string          `json:"components"`
	} `json:"kustomize"`
	Directory struct {
		Recurse bool   `json:"recurse"`
		Include string `json:"include"`
		Exclude string `json:"exclude"`
	} `json:"directory"`
}

type syncShape struct {
	Automated struct {
		Prune      bool `json:"prune"`
		SelfHeal   bool `json:"selfHeal"`
		AllowEmpty bool `json:"allowEmpty"`
		Enabled    bool `json:"enabled"`
	} `json:"automated"`
	SyncOptions []string `json:"syncOptions"`
	Retry       struct {
		Limit   int64 `json:"limit"`
		Refresh bool  `json:"refresh"`
		Backoff struct {
			Duration    string `json:"duration"`
			Factor      int64  `json:"factor"`
			MaxDuration string `json:"maxDuration"`
		} `json:"backoff"`
	} `json:"retry"`
	ManagedNamespaceMetadata struct {
		Labels      map[string]string `json:"labels"`
		Annotations map[string]string `json:"annotations"`
	} `json:"managedNamespaceMetadata"`
}

// checkShape returns an error where a field of an Application has a value of
// another type.
func checkShape(app map[string]any) error {
	data, err := json.Marshal(plain(app))
	if err != nil {
		return err
	}
	return typeError(json.Unmarshal(data, &shape{}))
}

// typeError names the field and not the Go type in an error of encoding/json.
func typeError(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Errorf("%s is a %s and must be a %s: quote it, or fix the indentation", wrong.Field, wrong.Value, wrong.Type)
	}
	return err
}
