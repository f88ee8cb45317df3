package contracttest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/contracttest"
)

func TestADocumentMustFollowTheSchemaOfOpenAPI(t *testing.T) {
	t.Parallel()
	good, err := os.ReadFile("testdata/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ from, to, want string }{
		"as it is":                     {"", "", ""},
		"an unknown field":             {"description: A thing.", "describe: A thing.", "describe"},
		"an example of another type":   {"description: Null where it has none.", "examples: [3]", "want"},
		"a reference to nothing":       {`"#/components/schemas/Time"`, `"#/components/schemas/Tim"`, "leads nowhere"},
		"an unused component":          {"    Time:", "    Other: {type: string}\n    Time:", "/Other is used by nobody"},
		"an operation with no answers": {"        \"204\": {description: Done.}", "", "responses"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "openapi.yaml")
			text := strings.Replace(string(good), tc.from, tc.to, 1)
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil { //nolint:gosec // a folder of its own
				t.Fatal(err)
			}
			contract, err := contracttest.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := contract.Check(); (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}
