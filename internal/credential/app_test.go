package credential_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/credential"
)

func inPEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func TestAKeyIsAcceptedInEachCommonForm(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	eight, _ := x509.MarshalPKCS8PrivateKey(key)
	public, _ := x509.MarshalPKIXPublicKey(&key.PublicKey)
	sum := sha256.Sum256(public)
	elliptical, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	other, _ := x509.MarshalPKCS8PrivateKey(elliptical)
	one := inPEM("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
	for name, pasted := range map[string]string{
		"PKCS#1": one, "PKCS#8": inPEM("PRIVATE KEY", eight), "CRLF": strings.ReplaceAll(one, "\n", "\r\n"), "CR": strings.ReplaceAll(one, "\n", "\r"),
		`\n`: strings.ReplaceAll(one, "\n", `\n`), `\r\n`: strings.ReplaceAll(one, "\n", `\r\n`), "blanks": " \n" + one + "\n ", "no last line end": strings.TrimSpace(one),
	} {
		token, err := credential.NewApp(" 123456 ", pasted)
		if err != nil {
			t.Errorf("the key as %s is refused: %v", name, err)
			continue
		}
		app, ok := credential.Stored(token.Reveal()).App()
		if !ok || token.Kind() != credential.GitHubApp || token.Check() != nil || app.ClientID != "123456" || app.KeyFingerprint() != "SHA256:"+base64.StdEncoding.EncodeToString(sum[:]) {
			t.Errorf("the key as %s: is an App %v, kind %s, fingerprint %s", name, ok, token.Kind(), app.KeyFingerprint())
		}
	}
	for name, pasted := range map[string]string{
		"nothing": "", "a token": canary, "two keys": one + one, "a certificate": inPEM("CERTIFICATE", public), "public": inPEM("PUBLIC KEY", public),
		"another algorithm": inPEM("PRIVATE KEY", other), "cut": one[:400], "text before": "x" + one, "text behind": one + "x",
		"encrypted": inPEM("ENCRYPTED PRIVATE KEY", eight), "wrong form": inPEM("RSA PRIVATE KEY", eight),
	} {
		if _, err := credential.NewApp("Iv1", pasted); err == nil || !strings.Contains(err.Error(), "single unencrypted RSA private key") || strings.Contains(err.Error(), one[100:140]) {
			t.Errorf("%s: got the error %v", name, err)
		}
	}
	for _, clientID := range []string{"", "a b", "a:b", "a\nb", strings.Repeat("x", 65)} {
		if _, err := credential.NewApp(clientID, one); err == nil {
			t.Errorf("the client id %q is accepted", clientID)
		}
	}
	if pasted := credential.NewToken("github_app:Iv1:" + base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PrivateKey(key))); pasted.Kind() == credential.GitHubApp {
		t.Error("a pasted token is read as an App")
	}
}

func TestNothingPrintsTheKeyOfAnApp(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	token, _ := credential.NewApp("Iv1", inPEM("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)))
	app, _ := token.App()
	secret := base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PrivateKey(key))[40:80]
	type holds struct{ app credential.App }
	for _, value := range []any{token, app, &app, holds{app}, []credential.App{app}, map[string]any{"a": app, "t": token}, struct{ credential.App }{app}} {
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("said", "value", value)
		inJSON, _ := json.Marshal(value)
		for _, text := range []string{log.String(), string(inJSON), fmt.Sprintf("%v %+v %#v %s %x %d", value, value, value, value, value, value)} {
			if strings.Contains(text, secret) || strings.Contains(text, key.D.String()) || strings.Contains(text, key.Primes[0].String()) || strings.Contains(text, key.D.Text(16)) {
				t.Errorf("%T prints the key: %.80s", value, text)
			}
		}
	}
}
