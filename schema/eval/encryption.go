package eval

import (
	"strings"

	"filippo.io/age"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"lockstep/schema/config"
)

// Encryption is how the state and saved plans are kept.
type Encryption struct {
	// Set is true when there is an encryption block.
	Set bool
	// Recipients are the public keys to encrypt for. They are nil when a passphrase is
	// to be used, and empty when nothing is to be encrypted any more.
	Recipients []string
}

func (r *settingsReader) encryption(b *config.Encryption, e *Encryption) hcl.Diagnostics {
	e.Set = true
	if b.Recipients == nil {
		return nil
	}
	v, diags := r.root.eval(b.Recipients, nil)
	if diags.HasErrors() {
		return diags
	}
	v, _ = v.UnmarkDeep()
	list, err := convert.Convert(v, cty.List(cty.String))
	if err != nil || !list.IsWhollyKnown() || list.IsNull() {
		return errorAt(b.Recipients.Range(), "Invalid setting", "The recipients are a list of public keys.")
	}
	e.Recipients = []string{}
	for i, key := range list.AsValueSlice() {
		at := b.Recipients.Range()
		if written, ok := b.Recipients.(*hclsyntax.TupleConsExpr); ok && i < len(written.Exprs) {
			at = written.Exprs[i].Range()
		}
		if key.IsNull() || !publicKey(key.AsString()) {
			diags = append(diags, errorAt(at, "Invalid setting", "A recipient is a public key, such as the one that `age-keygen` prints after \"public key:\" (age1…). Secret keys stand in no file: set LOCKSTEP_AGE_IDENTITY.")...)
			continue
		}
		e.Recipients = append(e.Recipients, strings.TrimSpace(key.AsString()))
	}
	return diags
}

func publicKey(text string) bool {
	found, err := age.ParseRecipients(strings.NewReader(text))
	return err == nil && len(found) == 1
}
