package access_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// TestAccount checks whose the rules of an account are.
func TestAccount(t *testing.T) {
	allow := []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{"configmaps"}, Verbs: []string{"get"}}}
	for name, tc := range map[string]struct {
		reason  string
		account *model.ServiceAccount
		want    []string
	}{
		"None":   {"There is nothing to say.", nil, nil},
		"Nobody": {"An app of objects only has no account.", &model.ServiceAccount{Rules: allow}, []string{"unused-rules"}},
		"Named":  {"It may name one.", &model.ServiceAccount{Name: "operator", Rules: allow}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range validate.Target("apps[web].spec", &view.Target{Spec: model.AppSpec{Kind: model.NoWorkload, ServiceAccount: tc.account}}, features.Default(), nil) {
				got = append(got, f.Rule)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
