package vault_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

func TestNothingThatIsPrintedHoldsATokenOrAName(t *testing.T) {
	echo := func(status int) failure {
		return failure{status: status, body: `{"__type":"` + canary + `","message":"` + canary + ` arn:aws:secretsmanager:eu-west-1:` + account + `:secret:` + prefix + `acme"}`}
	}
	var printed bytes.Buffer
	log := slog.New(slog.NewTextHandler(&printed, nil))
	tell := func(values ...any) {
		for _, value := range values {
			_, _ = fmt.Fprintf(&printed, "%v %+v %#v %s\n", value, value, value, value)
			log.Info("told", "value", value)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		for _, trouble := range []failure{down, denied, throttled, echo(400), echo(500), {status: 200, body: canary}, {status: 200, body: `{"SecretString":"x` + canary + `"}`}} {
			for _, action := range []string{"CreateSecret", "PutSecretValue", "DescribeSecret", "UpdateSecretVersionStage", "GetSecretValue", "DeleteSecret"} {
				fake := &fakeSecrets{failure: at(action, 2, true, trouble)}
				v, id := fake.vault(), connector.NewID()
				for range 3 {
					err := v.Put(t.Context(), "acme", id, credential.NewToken(canary))
					token, errGet := v.Get(t.Context(), "acme", id)
					tell(v, *v, err, token, errGet)
				}
				tell(v.Delete(t.Context(), "acme", id))
			}
		}
	})
	dir, id := filepath.Join(t.TempDir(), "vault"), connector.NewID()
	files := newFiles(t, dir)
	must(t, files.Put(t.Context(), "acme", id, credential.NewToken(canary)))
	token, err := files.Get(t.Context(), "acme", id)
	tell(files, token, err)
	must(t, os.WriteFile(filepath.Join(dir, "acme."+id), []byte("x"+canary), 0o600))
	_, err = files.Get(t.Context(), "acme", id)
	tell(err, files.Put(t.Context(), "acme", id, credential.NewToken("x"+canary)))

	for _, secret := range []string{canary, account, "arn:", "acme", id} {
		if strings.Contains(printed.String(), secret) {
			t.Errorf("%q was printed", secret)
		}
	}
	if printed.Len() < 1000 {
		t.Errorf("only %d bytes were printed", printed.Len())
	}
}
