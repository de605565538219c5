package main

// note is what is known of a module by review.
type note struct {
	// why says what a direct module is for.
	why string
	// unmaintained says why a module stays that nobody maintains; "" is maintained.
	unmaintained string
}

func (n note) kept() string {
	if n.unmaintained != "" {
		return "no, see below"
	}
	return "yes"
}

// notes holds all direct modules, and those of the others that are not maintained.
var notes = map[string]note{
	"github.com/Masterminds/semver/v3":         {why: "versions of charts and ranges of them, as Helm reads them"},
	"github.com/ProtonMail/go-crypto":          {why: "signs commits with OpenPGP"},
	"github.com/blang/semver/v4":               {why: "compares versions", unmaintained: "finished rather than left. kustomize links it, so it adds nothing; the comparison in k8s.io/apimachinery would add two packages to programs that import the library."},
	"github.com/creack/pty":                    {why: "tests"},
	"github.com/docker/cli":                    {why: "reads the logins of helm registry login"},
	"github.com/go-git/go-billy/v5":            {why: "the file systems of go-git"},
	"github.com/go-git/go-git/v5":              {why: "git, without the program"},
	"github.com/google/go-cmp":                 {why: "tests"},
	"github.com/google/go-containerregistry":   {why: "OCI registries"},
	"github.com/robfig/cron/v3":                {why: "reads schedules as the API server does", unmaintained: "no release since 2020. The API server and Argo CD read schedules with it, so what it accepts is what they accept; its forks accept more, which the cluster would refuse. Its known panic, at a time zone with nothing after it, cannot be reached: schedules with a time zone are refused before."},
	"github.com/rogpeppe/go-internal":          {why: "tests"},
	"github.com/schollz/progressbar/v3":        {why: "draws progress on a terminal"},
	"github.com/santhosh-tekuri/jsonschema/v6": {why: "checks the values of a chart by its schema, as Helm does, and fetches nothing"},
	"github.com/skeema/knownhosts":             {why: "reads known_hosts, as go-git does"},
	"github.com/spf13/cobra":                   {why: "the command line"},
	"github.com/spf13/pflag":                   {why: "flags"},
	"github.com/yuin/goldmark":                 {why: "tests"},
	"go.yaml.in/yaml/v3":                       {why: "YAML with lines and columns"},
	"golang.org/x/crypto":                      {why: "SSH, and signatures by its keys"},
	"golang.org/x/net":                         {why: "proxies"},
	"golang.org/x/term":                        {why: "the width of a terminal"},
	"golang.org/x/text":                        {why: "the messages of jsonschema"},
	"helm.sh/helm/v3":                          {why: "renders charts, with Helm's own code"},
	"k8s.io/api":                               {why: "the types of Kubernetes"},
	"k8s.io/apimachinery":                      {why: "quantities, names and selectors of Kubernetes"},
	"sigs.k8s.io/kustomize/api":                {why: "kustomize, which proves every overlay"},
	"sigs.k8s.io/kustomize/kyaml":              {why: "the file system that kustomize reads"},
	"sigs.k8s.io/randfill":                     {why: "fills typed objects at random, in tests"},
	"sigs.k8s.io/yaml":                         {why: "YAML of the types of Kubernetes"},
	"github.com/emirpasic/gods":                {unmaintained: "finished rather than left: go-git orders commits with its binary heap, in memory."},
	"github.com/golang/groupcache":             {unmaintained: "go-git links its list of least recently used entries, one file. It goes with version 6 of go-git, which is not released yet."},
	"github.com/jbenet/go-context":             {unmaintained: "go-git links one file of it, which ends a read with its context. It goes with version 6 of go-git, which is not released yet."},
	"github.com/mitchellh/colorstring":         {unmaintained: "finished rather than left: one file, which progressbar links to color its bars. gitopsgen does not color them."},
	"github.com/json-iterator/go":              {unmaintained: "its author has no time for it. The structured merge below k8s.io/apimachinery links it, as Kubernetes itself does; gitopsgen decodes nothing with it."},
	"github.com/modern-go/concurrent":          {unmaintained: "part of json-iterator, see there."},
	"github.com/modern-go/reflect2":            {unmaintained: "part of json-iterator, see there."},
	"github.com/monochromegane/go-gitignore":   {unmaintained: "kyaml reads .krmignore with it where it walks a directory, which gitopsgen never lets it do. It cannot be left out without leaving the kustomize that proves."},
	"github.com/xanzy/ssh-agent":               {unmaintained: "go-git asks the SSH agent through it. It goes with version 6 of go-git, which is not released yet."},
}
