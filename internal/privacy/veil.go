package privacy

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// Veil shows people as a connector demands. The zero value shows their names.
type Veil struct {
	mode  Mode
	block cipher.Block // nil if people are named
}

// NewVeil returns the veil of a connector. If people are not named and the key is invalid, it hides them.
func NewVeil(mode Mode, key Key) Veil {
	if mode == "" || mode == Named {
		return Veil{}
	}
	block, err := aes.NewCipher(key.derived("pseudonym"))
	if err != nil || len(key) != keySize {
		return Veil{mode: Hidden}
	}
	return Veil{mode: mode, block: block}
}

// Named reports whether people are shown by their names.
func (v Veil) Named() bool { return v.mode == "" }

// ErrHidden means that the connector shows no lists of people.
var ErrHidden = errors.New("this connector shows no lists of people")

// Open returns ErrHidden if lists of people must not be shown.
func (v Veil) Open() error {
	if v.mode == Hidden {
		return ErrHidden
	}
	return nil
}

// ShowsGroup reports whether a group of so many people may be shown separately. Otherwise its people count as people of no group.
func (v Veil) ShowsGroup(people int) bool { return v.mode != Hidden || people >= SmallestGroup }

var encoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// pseudonymPrefix begins every pseudonym.
const pseudonymPrefix = "person-"

// Login returns the name under which a person is shown.
func (v Veil) Login(userID int64, login string) string {
	switch {
	case v.Named():
		return login
	case v.block == nil:
		return ""
	}
	// One block of AES is a permutation, so each id has its own pseudonym. The zeros in the block tell a pseudonym from other text.
	var block [aes.BlockSize]byte
	binary.BigEndian.PutUint64(block[:], uint64(userID)) //nolint:gosec // ids are positive
	v.block.Encrypt(block[:], block[:])
	return pseudonymPrefix + encoding.EncodeToString(block[:])
}

// Reference returns the reference from which Find finds the person: the id or the pseudonym.
func (v Veil) Reference(userID int64) string {
	if v.Named() {
		return strconv.FormatInt(userID, 10)
	}
	return v.Login(userID, "")
}

var errReference = errors.New("must be a user id of GitHub's, a whole number, or the pseudonym of a person")

// ParseReference accepts a text that can be a person's id or pseudonym.
func ParseReference(given string) (string, error) {
	if id, err := strconv.ParseInt(given, 10, 64); err == nil && id > 0 && given[0] != '+' {
		return strconv.FormatInt(id, 10), nil
	}
	if code, ok := strings.CutPrefix(given, pseudonymPrefix); ok {
		if text, err := encoding.DecodeString(code); err == nil && len(text) == aes.BlockSize {
			return given, nil
		}
	}
	return "", errReference
}

// Find returns the person of a reference. If people are not named, GitHub's ids find nobody, because they would reveal which pseudonym
// belongs to whom.
func (v Veil) Find(reference string) (userID int64, ok bool) {
	if v.Named() {
		id, err := strconv.ParseInt(reference, 10, 64)
		return id, err == nil && id > 0
	}
	code, ok := strings.CutPrefix(reference, pseudonymPrefix)
	text, err := encoding.DecodeString(code)
	if !ok || err != nil || len(text) != aes.BlockSize || v.block == nil {
		return 0, false
	}
	v.block.Decrypt(text, text)
	userID = int64(binary.BigEndian.Uint64(text)) //nolint:gosec // checked below
	return userID, userID > 0 && v.Login(userID, "") == reference
}

// mention matches a login in a text. It does not match mail addresses, because an address has a character before the @.
var mention = regexp.MustCompile(`(^|[^\w.+@-])@[A-Za-z0-9][\w-]*`)

// Text returns a text without the logins that it mentions, unless people are named.
func (v Veil) Text(text string) string {
	if v.Named() {
		return text
	}
	return mention.ReplaceAllString(text, "${1}its owner")
}
