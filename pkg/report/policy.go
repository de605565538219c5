package report

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// Policy is what the identity of a store needs in an environment, and no more.
type Policy struct {
	// Environment and Store are names, and Provider is the store's.
	Environment string `json:"environment"`
	Store       string `json:"store"`
	Provider    string `json:"provider"`
	// Form is aws-iam or vault-hcl.
	Form string `json:"form"`
	// Text is the policy.
	Text string `json:"text"`
}

// Policies returns the policies that reads need from the stores of a fleet that
// have policies of a known form.
func Policies(r *resolve.Resolver, reads []Read) []Policy {
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
	return out
}

// statement is a statement of an IAM policy.
type statement struct {
	Sid      string   `json:"Sid"`
	Effect   string   `json:"Effect"`
	Action   []string `json:"Action"`
	Resource []string `json:"Resource"`
}

// awsPolicy returns an IAM policy. Secrets Manager ends each ARN with a dash and
// six characters of its own, which a pattern of six stands for.
func awsPolicy(a *model.AWSStore, reads []Read) string {
	service, kind, end := "secretsmanager", "secret:", "-??????"
	read := []string{"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"}
	write := []string{"secretsmanager:CreateSecret", "secretsmanager:PutSecretValue", "secretsmanager:TagResource"}
	search := []string{"secretsmanager:BatchGetSecretValue", "secretsmanager:ListSecrets"}
	if a.Service == "ParameterStore" {
		service, kind, end = "ssm", "parameter/", ""
		read = []string{"ssm:GetParameter", "ssm:GetParametersByPath"}
		write = []string{"ssm:AddTagsToResource", "ssm:ListTagsForResource", "ssm:PutParameter"}
		search = []string{"ssm:DescribeParameters"}
	}
	arn := func(name string) string {
		if service == "ssm" {
			name = strings.TrimPrefix(name, "/")
		}
		account := a.Account
		if account == "" {
			account = "*"
		}
		return "arn:" + partition(a.Region) + ":" + service + ":" + a.Region + ":" + account + ":" + kind + name + end
	}
	resources := map[string]map[string]bool{}
	note := func(sid, resource string) {
		if resources[sid] == nil {
			resources[sid] = map[string]bool{}
		}
		resources[sid][resource] = true
	}
	for _, r := range reads {
		switch {
		case r.Find:
			note("Search", "*")
			note("Read", strings.TrimSuffix(arn(strings.TrimSuffix(r.Key, "/")+"/*"), end))
		case r.Write:
			note("Read", arn(a.Prefix+r.Key))
			note("Write", arn(a.Prefix+r.Key))
		default:
			note("Read", arn(a.Prefix+r.Key))
		}
	}
	actions := map[string][]string{"Read": read, "Search": search, "Write": write}
	policy := struct {
		Version   string      `json:"Version"`
		Statement []statement `json:"Statement"`
	}{Version: "2012-10-17"}
	for _, sid := range sortedKeys(resources) {
		policy.Statement = append(policy.Statement, statement{sid, "Allow", actions[sid], sortedKeys(resources[sid])})
	}
	data, err := json.MarshalIndent(policy, "", "  ")
	if err != nil {
		return "" // texts and lists always have a JSON form
	}
	return string(data) + "\n"
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
	may := map[string]map[string]bool{}
	note := func(path string, capabilities ...string) {
		if may[path] == nil {
			may[path] = map[string]bool{}
		}
		for _, c := range capabilities {
			may[path][c] = true
		}
	}
	for _, r := range reads {
		key := strings.Trim(r.Key, "/")
		switch {
		case r.Find:
			note(strings.TrimSuffix(mount+metadata+key, "/")+"/*", "list", "read")
			note(strings.TrimSuffix(mount+data+key, "/")+"/*", "read")
		case r.Write:
			note(mount+data+key, "create", "read", "update")
			note(mount+metadata+key, "create", "read", "update")
		default:
			note(mount+data+key, "read")
		}
	}
	var b strings.Builder
	for _, path := range sortedKeys(may) {
		b.WriteString("path " + strconv.Quote(path) + " {\n  capabilities = [\"" + strings.Join(sortedKeys(may[path]), "\", \"") + "\"]\n}\n")
	}
	return b.String()
}
