package credential

import "strconv"

// NewInstallation returns the credential of an installation of the stack's own App. It is an id and not a secret. The caller must prove
// that the installation is theirs, with a code that GitHub gave to their browser: Proof.
func NewInstallation(id int64, code string) Token {
	t := Proved(id)
	t.proof = &code
	return t
}

// Proved returns the credential of an installation that was proved before.
func Proved(id int64) Token {
	value := installationPrefix + strconv.FormatInt(id, 10)
	return Token{value: &value, installation: id}
}

// installationPrefix begins the value of an installation. The value is no secret; its digest is the fingerprint.
const installationPrefix = "github_app_installation:"

// Installation returns the id of an installation of the stack's App, or 0 for every other credential.
func (t Token) Installation() int64 { return t.installation }

// Proof returns the code that proves to whom the installation belongs. needed is false for Proved. A code is a secret until it is used,
// and may only be sent to GitHub.
func (t Token) Proof() (code string, needed bool) {
	if t.proof == nil {
		return "", false
	}
	return *t.proof, true
}

// IsSecret reports whether the credential must be stored in a vault. An installation of the stack's App is not a secret.
func (t Token) IsSecret() bool { return t.installation == 0 }
