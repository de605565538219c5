package validate

import (
	"slices"
	"strings"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// sync checks how a layer wants to be synced.
func (c *checker) sync(at fieldpath.Path, s *model.Sync) {
	if s == nil {
		return
	}
	c.Metadata(at.Field("labels"), s.Labels, true)
	c.Metadata(at.Field("annotations"), s.Annotations, false)
	for _, option := range feature.SortedKeys(s.Options) {
		below := at.Field("options").Key(option)
		switch {
		case option == "" || strings.ContainsAny(option+s.Options[option], "=, \n"):
			c.Errorf("invalid-value", below, "write it as ServerSideApply: \"true\"", "this is not a valid sync option")
		case (option == "Replace" || option == "Force") && s.Options[option] == "true":
			c.Warnf("replaces-everything", below, "annotate the object that needs it with argocd.argoproj.io/sync-options", "%s for a whole app deletes and recreates objects that could be updated", option)
		case option == "Prune":
			c.PruneConfirm(below, option+"="+s.Options[option])
		case option == "CreateNamespace" && s.Options[option] == "true" && c.managesNamespaces():
			c.Errorf("namespace-twice", below, "remove it, or set namespaces.manage: false", "gitopsgen already writes the namespace as an object; with this option, Argo CD would manage it too")
		}
	}
	for i, d := range s.IgnoreDifferences {
		if d.Kind == "" || len(d.JSONPointers)+len(d.JQPathExpressions)+len(d.ManagedFieldsManagers) == 0 {
			c.Errorf("missing-value", at.Field("ignoreDifferences").Index(i), "add the kind, and fields such as jsonPointers: [/spec/replicas]", "the entry does not select any field")
		}
		for j, p := range d.JSONPointers {
			if !strings.HasPrefix(p, "/") {
				c.Errorf("invalid-value", at.Field("ignoreDifferences").Index(i).Field("jsonPointers").Index(j), "start it with a slash, as in /spec/replicas", "%q is not a valid JSON pointer", p)
			}
		}
	}
	if r := s.Retry; r != nil {
		c.Duration(at.Field("retry").Field("duration"), r.Duration)
		c.Duration(at.Field("retry").Field("maxDuration"), r.MaxDuration)
		if r.Limit != nil && *r.Limit < -1 || r.Factor != nil && *r.Factor < 1 {
			c.Errorf("invalid-value", at.Field("retry"), "use a limit from 0 on, or -1 for no limit, and a factor from 1 on", "these values are not valid for retries")
		}
	}
	if n := s.RevisionHistoryLimit; n != nil && *n < 0 {
		c.Errorf("invalid-value", at.Field("revisionHistoryLimit"), "use 0 or more", "%d is not a valid number of revisions", *n)
	}
	c.windows(at.Field("windows"), s.Windows)
	c.subscriptions(at.Field("notify"), s.Notify)
}

// managesNamespaces reports whether some environment has Namespaces of ours.
func (c *checker) managesNamespaces() bool {
	return slices.ContainsFunc(c.Fleet.Environments, func(e model.Environment) bool {
		return e.Namespaces.Manage == nil || *e.Namespaces.Manage
	})
}

// windows checks sync windows.
func (c *checker) windows(at fieldpath.Path, windows []model.SyncWindow) {
	seen := map[string]bool{}
	for _, w := range windows {
		below := at.Key(w.Name)
		c.Unique(seen, below, w.Name)
		if w.Name == "" {
			c.Errorf("missing-name", at, "add a name", "the window has no name")
		}
		if w.Kind != model.Allow && w.Kind != model.Deny {
			c.Errorf("invalid-window", below.Field("kind"), "use allow or deny", "%q is not a kind of sync window", w.Kind)
		}
		if !feature.IsCron(w.Schedule) || strings.HasPrefix(w.Schedule, "@") {
			c.Errorf("invalid-window", below.Field("schedule"), "write five fields, as in 0 22 * * *", "%q is not a valid cron schedule", w.Schedule)
		}
		if d, err := time.ParseDuration(w.Duration); err != nil || d <= 0 {
			c.Errorf("invalid-window", below.Field("duration"), "write it as 8h", "%q is not a valid duration", w.Duration)
		}
		if w.TimeZone != "" && !timeZone.MatchString(w.TimeZone) {
			c.Errorf("invalid-window", below.Field("timeZone"), "use an IANA name such as Europe/Berlin", "%q is not a known time zone", w.TimeZone)
		}
	}
}

// subscriptions checks who is told, by services and triggers that every instance has.
func (c *checker) subscriptions(at fieldpath.Path, list []model.Subscription) {
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
func (c *checker) notified() (services, triggers []string) {
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
func (c *checker) notifications(at fieldpath.Path, n *model.Notifications) {
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

// healed checks that ignored differences are not undone all the same.
func (c *checker) healed(at fieldpath.Path, s *model.AppSpec) {
	if s.Sync == nil || len(s.Sync.IgnoreDifferences) == 0 {
		return
	}
	if feature.IsTrue(s.Sync.Automated) && feature.IsTrue(s.Sync.SelfHeal) && s.Sync.Options["RespectIgnoreDifferences"] != "true" {
		c.Warnf("ignored-but-healed", at.Field("sync").Field("options").Key("RespectIgnoreDifferences"), "keep it true, or disable selfHeal",
			"the next sync overwrites the ignored differences")
	}
}
