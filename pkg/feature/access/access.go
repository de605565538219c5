// Package access makes what a pod may do: its ServiceAccount, and a Role with
// its binding.
package access

import (
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Generate makes the ServiceAccount, and the Role and RoleBinding where there
// are rules and an account that they are for.
func Generate(t *view.Target, _ *view.View) ([]object.Object, error) {
	a := t.Spec.ServiceAccount
	if a == nil {
		return nil, nil
	}
	var typed []runtime.Object
	if *a.Create {
		typed = append(typed, &corev1.ServiceAccount{
			TypeMeta:                     metav1.TypeMeta{APIVersion: "v1", Kind: "ServiceAccount"},
			ObjectMeta:                   part.Annotated(t, a.Name, a.Annotations),
			AutomountServiceAccountToken: a.AutomountToken,
		})
	}
	if len(a.Rules) > 0 && a.Name != "" {
		typed = append(typed, &rbacv1.Role{
			TypeMeta:   metav1.TypeMeta{APIVersion: "rbac.authorization.k8s.io/v1", Kind: "Role"},
			ObjectMeta: part.Meta(t, t.App), Rules: a.Rules,
		}, &rbacv1.RoleBinding{
			TypeMeta:   metav1.TypeMeta{APIVersion: "rbac.authorization.k8s.io/v1", Kind: "RoleBinding"},
			ObjectMeta: part.Meta(t, t.App),
			RoleRef:    rbacv1.RoleRef{APIGroup: "rbac.authorization.k8s.io", Kind: "Role", Name: t.App},
			Subjects:   []rbacv1.Subject{{Kind: "ServiceAccount", Name: a.Name, Namespace: t.Namespace}},
		})
	}
	return object.FromAll(typed...)
}
