package cli

import (
	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/internal/schema"
)

func (a *app) schemaCmd() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of the model's YAML", Args: takes(0, 0, ""),
		Long: `Schema prints the JSON Schema of one YAML document, with the settings of the
program's own features. Editors that read the modeline
"# yaml-language-server: $schema=FILE" use it to complete and check.`,
		Example: `  # Let an editor complete and check the files of a fleet
  gitopsgen schema > fleet/gitopsgen.schema.json`,
		RunE: func(*cobra.Command, []string) error {
			data, err := schema.JSON(a.features.Settings())
			if err != nil {
				return err
			}
			_, err = a.Out.Write(append(data, '\n'))
			return err
		},
	}
}
