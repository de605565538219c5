package gitrepo_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

func ExamplePublish() {
	ctx := context.Background()
	fleet := &model.Fleet{
		Name:         "shop",
		Clusters:     []model.Cluster{{Name: "home"}},
		Environments: []model.Environment{{Name: "dev", Clusters: []string{"home"}}, {Name: "prod", Clusters: []string{"home"}, Branch: "production"}},
		Apps:         []model.App{{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "ghcr.io/acme/web:1.0.0"}}}},
	}
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	if err := exec.Command("git", "init", "-q", "--bare", dir).Run(); err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		result, err := render.Fleet(ctx, fleet)
		if err != nil {
			fmt.Println(err)
			return
		}
		outcomes, err := gitrepo.Publish(ctx, gitrepo.Remote{URL: dir}, result)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, o := range outcomes {
			fmt.Println(o.Branch, o.Plan)
		}
	}
	// Output:
	// main wrote 14 files, deleted 0, left 0 unchanged
	// production wrote 14 files, deleted 0, left 0 unchanged
	// main nothing changed: 14 files up to date
	// production nothing changed: 14 files up to date
}

func ExampleRepo_Apply() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	if err := exec.Command("git", "init", "-q", "--bare", dir).Run(); err != nil {
		fmt.Println(err)
		return
	}
	files := []tree.File{{Path: "apps/web/base/service.yaml", Data: []byte("kind: Service\n"), Owner: tree.Owner{Unit: "apps/web"}}}
	bare, err := tree.New(files)
	if err != nil {
		fmt.Println(err)
		return
	}
	want, err := inventory.With(bare, inventory.Meta{Generator: "v0.1.0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	repo, err := gitrepo.Open(gitrepo.Remote{URL: dir, Branch: "main"})
	if err != nil {
		fmt.Println(err)
		return
	}
	bot := gitrepo.Person{Name: "bot", Email: "bot@example.com"}
	for range 2 {
		outcome, err := repo.Apply(context.Background(), false, func(*gitrepo.Tip) (gitrepo.Change, error) {
			return gitrepo.Change{Tree: want, Commit: func(ownership.Plan) (gitrepo.Commit, error) {
				return gitrepo.Commit{Author: bot, Committer: bot, Time: time.Unix(1700000000, 0).UTC(), Message: "Add web"}, nil
			}}, nil
		})
		fmt.Printf("%q %v %v\n", outcome.Commit, outcome.Plan, err)
	}
	// Output:
	// "f6a0126ae0aa8d65c02cd9536d1f3cf46cc6c766" wrote 2 files, deleted 0, left 0 unchanged <nil>
	// "" nothing changed: 2 files up to date <nil>
}
