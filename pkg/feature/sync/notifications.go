package sync

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checkModel checks the sync windows of projects, and the notifications of instances.
func checkModel(r *feature.Report) {
	c := checker{r}
	for _, p := range r.Fleet.Projects {
		c.windows(fieldpath.Path("projects").Key(p.Name).Field("windows"), p.Windows)
	}
	for i, a := range r.Fleet.ArgoCD {
		if n := a.Notifications; n != nil {
			c.notifications(feature.EntryAt("argoCD", a.Name, i).Field("notifications"), n)
		}
	}
}

// subscriptions checks who is told, by services and triggers that every instance has.
func (c checker) subscriptions(at fieldpath.Path, list []model.Subscription) {
	for i, s := range list {
		below := at.Index(i)
		if s.Service == "" {
			c.Errorf("missing-value", below.Field("service"), "name a service such as slack", "the subscription does not name a service")
			continue
		}
		services, triggers := c.notified()
		if len(services) == 0 {
			c.Errorf("unknown-service", below.Field("service"), "add notifications to an instance under argoCD", "no instance of Argo CD has notifications for the service %s", s.Service)
			continue
		}
		c.Known("unknown-service", "notification service", below.Field("service"), s.Service, services)
		for j, on := range s.On {
			c.Known("unknown-trigger", "trigger", below.Field("on").Index(j), on, triggers)
		}
	}
}

// notified returns the services and the triggers of the instances.
func (c checker) notified() (services, triggers []string) {
	for _, a := range c.Fleet.ArgoCD {
		if a.Notifications == nil {
			continue
		}
		for _, s := range a.Notifications.Services {
			services = append(services, s.Name)
		}
		for _, t := range view.Triggers(a.Notifications) {
			triggers = append(triggers, t.Name)
		}
	}
	return services, triggers
}

// notifications checks the services of an instance.
func (c checker) notifications(at fieldpath.Path, n *model.Notifications) {
	if len(n.Services) == 0 {
		c.Errorf("missing-value", at.Field("services"), "add a service such as slack", "notifications need a service")
	}
	seen := map[string]bool{}
	for _, s := range n.Services {
		below := at.Field("services").Key(s.Name)
		c.Unique(seen, below, s.Name)
		if s.Name == "" || strings.ContainsAny(s.Name, " \n:") {
			c.Errorf("invalid-name", below.Field("name"), "use a type such as slack, or webhook.NAME", "this is not a service of Argo CD Notifications")
		}
		for _, key := range feature.SortedKeys(s.Settings) {
			value, isText := s.Settings[key].(string)
			if isText && secretSetting(key) && !strings.HasPrefix(value, "$") {
				c.Errorf("secret-value", below.Field("settings").Key(key), "keep it in the Secret of the notifications and refer to it, as in $"+s.Name+"-"+key, "the %s is written in plain text", key)
			}
		}
	}
	for _, t := range n.Triggers {
		if t.Name == "" || t.When == "" || len(t.Send) == 0 {
			c.Errorf("missing-value", at.Field("triggers").Key(t.Name), "add name, when and send", "the trigger is incomplete")
		}
	}
	c.subscriptions(at.Field("notify"), n.Notify)
}

// secretSetting reports whether a setting of a service is a secret by its name.
func secretSetting(key string) bool {
	key = strings.ToLower(key)
	return slices.ContainsFunc([]string{"token", "password", "secret", "apikey", "api-key", "privatekey", "signingkey"}, func(word string) bool {
		return strings.Contains(key, word)
	})
}
