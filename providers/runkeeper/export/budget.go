package export

import (
	"fmt"
	"sync"
)

// The most that is unpacked, in bytes. Tables and tracks are text, which packs to a
// tenth; what packs to less than a hundredth was made to fill a machine.
const (
	// accountTables is for the tables of one account, which are in memory together.
	accountTables = 128 << 20
	// runBase and runRatio are for all that a run unpacks: so much, and so many
	// times the size of what it opens.
	runBase  = 2 << 30
	runRatio = 100
)

// Budget bounds what archives unpack to in all: each of many small ones may be within
// the limit of a file, and keep a run busy for hours. It is safe for concurrent use.
type Budget struct {
	base, ratio int64
	// about is what shares the budget, in an error.
	about string

	mu           sync.Mutex
	opened, used int64
}

// NewBudget is the budget of a run.
func NewBudget() *Budget {
	return &Budget{base: runBase, ratio: runRatio, about: "all exports of this run"}
}

// open notes an archive of a size.
func (b *Budget) open(size int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.opened += max(size, 0)
}

// BudgetError reports archives that unpack to too much in all. It is no *Error: another
// file would not do.
type BudgetError struct {
	// Path and File name the file at which it was too much; About is what all have in
	// common, and Most how many bytes they may have.
	Path, File, About string
	Most              int64
}

// Error names the file and the limit.
func (e *BudgetError) Error() string {
	return fmt.Sprintf("%s: with %s, %s unpack to more than %d MiB, which no exports do: look at what the last ones hold, and leave out what is no export", e.Path, quote(e.File), e.About, e.Most>>20)
}

// take notes that a file of an archive was unpacked to so many bytes. The error is a
// *BudgetError when that is too much.
func (b *Budget) take(a *archive, file string, bytes int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.used += int64(bytes)
	most := b.base + b.ratio*b.opened
	if b.used <= most {
		return nil
	}
	return &BudgetError{Path: a.path, File: file, About: b.about, Most: most}
}
