// Package encryption encrypts states and saved plans with age.
//
// A log that is encrypted begins with a line that has a key of its own, an age
// identity, which is encrypted for the recipients or with the passphrase. Each batch
// of lines after it is one line too: an age message for that identity. So a
// passphrase is stretched once for a log and not once for a line, lines are appended
// without a look at those before, and all of it opens with the age program.
package encryption

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"filippo.io/age"
)

const (
	// workFactor is how a passphrase is stretched: scrypt with N = 2^16, a quarter of
	// a second and 64 MiB.
	workFactor = 16
	// mostWork bounds what a file of others may ask for: a second and 256 MiB.
	mostWork = 18
	// minPassphrase is how many characters a passphrase has at least.
	minPassphrase = 12
)

// Settings are what the files say of encryption.
type Settings struct {
	// Set is true when there is an encryption block. Without one, texts stay as they
	// are: in clear or encrypted.
	Set bool
	// Recipients are public keys to encrypt for. Nil asks for a passphrase, and an
	// empty list for texts in clear.
	Recipients []string
}

// Keys encrypt and decrypt. The zero value keeps texts as they are, and decrypts none.
type Keys struct {
	settings   Settings
	recipients []age.Recipient
	// missing is why nothing can be encrypted with a passphrase. It is told when
	// something is to be: much is done without a key.
	missing    error
	identities []age.Identity
}

// byPassphrase is in the place of the recipients of a text that is encrypted with a
// passphrase.
const byPassphrase = "passphrase"

// New reads the secret keys of the environment: LOCKSTEP_AGE_IDENTITY, or the file
// that LOCKSTEP_AGE_IDENTITY_FILE names, and LOCKSTEP_AGE_PASSPHRASE.
func New(s Settings, getenv func(string) string) (*Keys, error) {
	k := &Keys{settings: s}
	if err := k.readIdentities(getenv); err != nil {
		return nil, err
	}
	phrase := getenv("LOCKSTEP_AGE_PASSPHRASE")
	if phrase != "" {
		identity, err := age.NewScryptIdentity(phrase)
		if err != nil {
			return nil, err
		}
		identity.SetMaxWorkFactor(mostWork)
		k.identities = append(k.identities, identity)
	}
	if s.Set && s.Recipients == nil {
		var recipient age.Recipient
		recipient, k.missing = newPassphrase(phrase)
		k.recipients = []age.Recipient{recipient}
	}
	for _, text := range s.Recipients {
		recipient, err := parseRecipient(text)
		if err != nil {
			return nil, err
		}
		k.recipients = append(k.recipients, recipient)
	}
	return k, nil
}

func (k *Keys) readIdentities(getenv func(string) string) error {
	text := getenv("LOCKSTEP_AGE_IDENTITY")
	if path := getenv("LOCKSTEP_AGE_IDENTITY_FILE"); path != "" {
		read, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("cannot read LOCKSTEP_AGE_IDENTITY_FILE: %w", err)
		}
		text += "\n" + string(read)
	}
	if strings.TrimSpace(text) == "" {
		return nil
	}
	// What age says of a key that it cannot read may quote it.
	found, err := age.ParseIdentities(strings.NewReader(text))
	if err != nil {
		return errors.New("the identity in LOCKSTEP_AGE_IDENTITY or its file is not one that age-keygen makes (AGE-SECRET-KEY-1…)")
	}
	k.identities = found
	return nil
}

func newPassphrase(phrase string) (age.Recipient, error) {
	switch n := utf8.RuneCountInString(phrase); {
	case n == 0:
		return nil, errors.New("the encryption block names no recipients, so set LOCKSTEP_AGE_PASSPHRASE to the passphrase to encrypt with")
	case n < minPassphrase:
		return nil, fmt.Errorf("LOCKSTEP_AGE_PASSPHRASE has %d characters, and one of less than %d is guessed easily", n, minPassphrase)
	}
	recipient, err := age.NewScryptRecipient(phrase)
	if err != nil {
		return nil, err
	}
	recipient.SetWorkFactor(workFactor)
	return recipient, nil
}

// parseRecipient reads a public key as age-keygen prints it: age1… .
func parseRecipient(text string) (age.Recipient, error) {
	found, err := age.ParseRecipients(strings.NewReader(text))
	if err != nil || len(found) != 1 {
		// A secret key in its place is not to be shown.
		return nil, errors.New("a recipient is not a public key that age-keygen prints (age1…)")
	}
	return found[0], nil
}

// names are the recipients that texts are encrypted for, as a header lists them.
func (k *Keys) names() []string {
	if k.settings.Recipients == nil {
		return []string{byPassphrase}
	}
	return slices.Sorted(slices.Values(k.settings.Recipients))
}

// encrypts reports whether texts are to be encrypted, and clears whether they are to
// be in clear. Both are false when they are to stay as they are.
func (k *Keys) encrypts() bool { return len(k.recipients) > 0 }
func (k *Keys) clears() bool   { return k.settings.Set && len(k.recipients) == 0 }

// errLockedOut is returned before a text is written that this run could not read.
var errLockedOut = errors.New("none of the recipients in the encryption block is a key of this run, which could not read again what it writes: add the public key (age1…) of the identity in LOCKSTEP_AGE_IDENTITY")

// check returns nil when this run can encrypt, and read again what it has encrypted.
func (k *Keys) check() error {
	if k.missing != nil || k.settings.Recipients == nil || !k.encrypts() {
		return k.missing
	}
	sealed, err := sealFor(nil, k.recipients...)
	if err != nil {
		return err
	}
	if _, err = k.unseal(sealed); errors.Is(err, ErrNoKey) {
		return errLockedOut
	}
	return err
}

func sealFor(text []byte, to ...age.Recipient) ([]byte, error) {
	var sealed bytes.Buffer
	sealed.Grow(len(text) + len(text)/1000 + 512)
	w, err := age.Encrypt(&sealed, to...)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	err = w.Close()
	return sealed.Bytes(), err
}

// ErrNoKey is returned for what is encrypted with a key that this run does not have.
var ErrNoKey = errors.New("it is encrypted, and no key of this run opens it: set LOCKSTEP_AGE_IDENTITY (or LOCKSTEP_AGE_IDENTITY_FILE) to the secret key of one of its recipients, or LOCKSTEP_AGE_PASSPHRASE to its passphrase")

// unseal decrypts with the keys of this run.
func (k *Keys) unseal(sealed []byte) ([]byte, error) {
	if len(k.identities) == 0 {
		return nil, ErrNoKey
	}
	text, err := unsealWith(sealed, k.identities...)
	var none *age.NoIdentityMatchError
	if errors.As(err, &none) {
		return nil, ErrNoKey
	}
	return text, err
}

func unsealWith(sealed []byte, with ...age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), with...)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	text.Grow(len(sealed) + bytes.MinRead)
	_, err = text.ReadFrom(r)
	return text.Bytes(), err
}

// ageHead is what every age file begins with (age-encryption.org/v1, "Header").
const ageHead = "age-encryption.org/"

// Writer encrypts a file as it is written, as the settings ask; the file is whole
// when it is closed.
func (k *Keys) Writer(w io.Writer) (io.WriteCloser, error) {
	if !k.encrypts() {
		return inClear{w}, nil
	}
	if err := k.check(); err != nil {
		return nil, err
	}
	return age.Encrypt(w, k.recipients...)
}

// inClear passes a text on.
type inClear struct{ io.Writer }

// Close does nothing.
func (inClear) Close() error { return nil }

// File returns the text of a file, which is decrypted if it is encrypted.
func (k *Keys) File(content []byte) ([]byte, error) {
	if !bytes.HasPrefix(content, []byte(ageHead)) {
		return content, nil
	}
	text, err := k.unseal(content)
	if err != nil && !errors.Is(err, ErrNoKey) {
		return nil, errors.New("it is encrypted, and damaged or cut off: make it anew")
	}
	return text, err
}
