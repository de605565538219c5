package report

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Policy is what the identity of a store, or of a generator of an app, needs in
// an environment, and no more.
type Policy struct {
	// Environment and Store are names, and Provider is the store's.
	Environment string `json:"environment"`
	Store       string `json:"store,omitempty"`
	Provider    string `json:"provider"`
	// App and Generator are names too, where it is no store that asks.
	App       string `json:"app,omitempty"`
	Generator string `json:"generator,omitempty"`
	// Form is aws-iam or vault-hcl.
	Form string `json:"form"`
	// Text is the policy.
	Text string `json:"text"`
}

// Policies returns the policies that reads need from the stores of a fleet that
// have policies of a known form, and those of generators after them.
func Policies(r view.Fleet, reads []Read) []Policy {
	var out []Policy
	for _, u := range Uses(reads) {
		s := r.Store(u.Store)
		if s == nil {
			continue
		}
		own := slices.DeleteFunc(slices.Clone(reads), func(x Read) bool { return x.Environment != u.Environment || x.Store != u.Store })
		p := Policy{Environment: u.Environment, Store: u.Store, Provider: u.Provider}
		switch {
		case s.AWS != nil:
			p.Form, p.Text = "aws-iam", awsPolicy(s.AWS, own)
		case s.Vault != nil:
			p.Form, p.Text = "vault-hcl", vaultPolicy(s.Vault, own)
		default:
			continue
		}
		out = append(out, p)
	}
	return append(out, generatorPolicies(r, reads)...)
}

// statement is a statement of an IAM policy.
type statement struct {
	Sid      string   `json:"Sid"`
	Effect   string   `json:"Effect"`
	Action   []string `json:"Action"`
	Resource []string `json:"Resource"`
}

// iam returns the text of an IAM policy.
func iam(statements []statement) string {
	policy := struct {
		Version   string      `json:"Version"`
		Statement []statement `json:"Statement"`
	}{"2012-10-17", statements}
	data, err := json.MarshalIndent(policy, "", "  ")
	if err != nil {
		return "" // texts and lists always have a JSON form
	}
	return string(data) + "\n"
}

// awsService is how policies speak of one of the services that stores are.
type awsService struct {
	// name and kind are parts of its ARNs, and end is what all of them end with.
	name, kind, end string
	// actions are what each statement permits, by its Sid.
	actions map[string][]string
}

// Secrets Manager ends each ARN with a dash and six characters of its own, which
// a pattern of six stands for. A search of the Parameter Store reads by path.
var (
	secretsManager = awsService{"secretsmanager", "secret:", "-??????", map[string][]string{
		"Read":   {"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"},
		"Search": {"secretsmanager:BatchGetSecretValue", "secretsmanager:ListSecrets"},
		"Write":  {"secretsmanager:CreateSecret", "secretsmanager:PutSecretValue", "secretsmanager:TagResource"},
	}}
	parameterStore = awsService{"ssm", "parameter/", "", map[string][]string{
		"Read":     {"ssm:GetParameter"},
		"ReadPath": {"ssm:GetParametersByPath"},
		"Search":   {"ssm:DescribeParameters"},
		"Write":    {"ssm:AddTagsToResource", "ssm:ListTagsForResource", "ssm:PutParameter"},
	}}
)

// arn returns the ARN of all that a name, which may be a pattern, stands for. A
// name that begins with a slash brings that of its kind along.
func (s awsService) arn(a *model.AWSStore, name string) string {
	if strings.HasSuffix(s.kind, "/") {
		name = strings.TrimPrefix(name, "/")
	}
	return "arn:" + partition(a.Region) + ":" + s.name + ":" + a.Region + ":" + cmp.Or(a.Account, "*") + ":" + s.kind + name
}

// awsPolicy returns an IAM policy.
func awsPolicy(a *model.AWSStore, reads []Read) string {
	service := secretsManager
	if a.Service == "ParameterStore" {
		service = parameterStore
	}
	resources := map[string]map[string]bool{}
	note := func(sid, resource string) {
		if service.actions[sid] == nil {
			return
		}
		if resources[sid] == nil {
			resources[sid] = map[string]bool{}
		}
		resources[sid][resource] = true
	}
	for _, r := range reads {
		entry := service.arn(a, a.Prefix+r.Key) + service.end
		switch {
		case r.Find:
			path := strings.TrimSuffix(r.Key, "/")
			note("Search", "*")
			note("Read", service.arn(a, path+"/*"))
			note("ReadPath", service.arn(a, path+"/*"))
			if path != "" {
				note("ReadPath", service.arn(a, path)) // the path itself is asked for
			}
		case r.Write:
			note("Read", entry)
			note("Write", entry)
		default:
			note("Read", entry)
		}
	}
	var statements []statement
	for _, sid := range sortedKeys(resources) {
		statements = append(statements, statement{sid, "Allow", service.actions[sid], sortedKeys(resources[sid])})
	}
	return iam(statements)
}

// partition returns the part of AWS that a region belongs to.
func partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// vaultPolicy returns a policy of Vault. Version 2 of the key-value engine has
// the values below data, and their names below metadata.
func vaultPolicy(v *model.VaultStore, reads []Read) string {
	mount, data, metadata := v.Path, "/", "/"
	if mount == "" {
		mount = "secret"
	}
	if v.Version != "v1" {
		data, metadata = "/data/", "/metadata/"
	}
	may := vaultPaths{}
	for _, r := range reads {
		key := trimmed(r.Key)
		switch {
		case r.Find:
			may.note(strings.TrimSuffix(mount+metadata+key, "/")+"/*", "list", "read")
			may.note(strings.TrimSuffix(mount+data+key, "/")+"/*", "read")
		case r.Write:
			may.note(mount+data+key, "create", "read", "update")
			may.note(mount+metadata+key, "create", "read", "update")
		default:
			may.note(mount+data+key, "read")
		}
	}
	return may.String()
}

// trimmed returns a path of Vault as policies have it.
func trimmed(path string) string { return strings.Trim(path, "/") }

// vaultPaths has the capabilities of each path of a policy.
type vaultPaths map[string]map[string]bool

func (p vaultPaths) note(path string, capabilities ...string) {
	if p[path] == nil {
		p[path] = map[string]bool{}
	}
	for _, c := range capabilities {
		p[path][c] = true
	}
}

// String returns the text of the policy.
func (p vaultPaths) String() string {
	var b strings.Builder
	for _, path := range sortedKeys(p) {
		b.WriteString("path " + strconv.Quote(path) + " {\n  capabilities = [\"" + strings.Join(sortedKeys(p[path]), "\", \"") + "\"]\n}\n")
	}
	return b.String()
}
