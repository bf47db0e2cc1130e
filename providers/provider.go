package providers

import (
	"context"
	"iter"
	"time"

	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// Provider is one configured account: one HighLevel location, one Runkeeper
// athlete. Apart from Configure, its methods may be called concurrently.
type Provider interface {
	// Schema declares kinds and data sources. It does no I/O and may be called
	// before Configure.
	Schema() *schema.Provider
	// Configure takes the arguments of a provider block, with defaults and
	// environment variables filled in, and nothing unknown. It is the only
	// place that sees a secret.
	Configure(ctx context.Context, config cty.Value) error
	// List reads all live objects that a query asks for, page by page. It
	// stops at the first error, but after an *AccountError it goes on with the
	// other accounts if its reader does.
	List(ctx context.Context, query Query) iter.Seq2[Page, error]
	// Get reads single objects. Objects that do not exist are left out of
	// the answer. It costs one API call for each key at most, or, for natural
	// keys that the API cannot look up, one list of the kind for all of them.
	Get(ctx context.Context, kind string, keys []Key) ([]schema.Object, error)
	// Group decides which writes share one API call. It is pure and
	// deterministic; each write is in exactly one operation.
	Group(writes []Write) []Operation
	// Do makes the one API call of an operation and returns one result for
	// each of its writes, in their order. Values that were not known to Group
	// may make more of a bulk operation: one call for each value.
	Do(ctx context.Context, operation Operation) []Result
}

// Query selects live objects of one kind.
type Query struct {
	Kind string
	// Parents restricts the answer to the children of these objects, by id. It
	// must be given for kinds that can only be listed parent by parent.
	Parents []string
	// Source is the name of the data source that asks; empty lists the kind.
	Source string
	// Where are the arguments of the data source; empty lists everything.
	Where schema.Fields
	// Ahead asks for what ends after an instant only, and for what repeats as well; the
	// zero value asks for all. A provider may return more.
	Ahead time.Time
	// Attributes that the caller will look at; empty means all. A provider may
	// return more.
	Attributes []string
	// First asks for one page only, for its Total.
	First bool
	// Passing reports that the caller has copied what it keeps of a page when it
	// asks for the next one, which may then use the same memory. Texts are kept.
	Passing bool
}

// Page is one answer to a list request.
type Page struct {
	Objects []schema.Object
	// Total is how many objects the query has in all, -1 when the API does
	// not say.
	Total int
}

// Key names one object to Get: by ID, or by natural key or the arguments of a
// data source in Fields. Parent is the id of the parent for kinds that have one.
type Key struct {
	ID     string
	Parent string
	Fields schema.Fields
}

// Action is what a write does to the remote object.
type Action uint8

// The actions of a Write.
const (
	Create Action = iota + 1
	Update
	Delete
)

// String is the action's word.
func (a Action) String() string {
	switch a {
	case Create:
		return "create"
	case Update:
		return "update"
	case Delete:
		return "delete"
	default:
		return "no action"
	}
}

// Write is what one object is to become through one channel. An object whose
// attributes travel by different calls has several. It is what a provider sees
// of a change in the plan.
type Write struct {
	// Address is the object's address, for messages.
	Address string
	Kind    string
	Action  Action
	// ID is the remote id; empty for a create, and in a plan for what is
	// created by an earlier wave.
	ID string
	// Parent is the remote id of the parent, empty when it is not known yet.
	Parent string
	// Channel is the attribute channel, empty for the object's own call.
	Channel string
	// Fields to write. For sets, Add and Remove say more. A Delete with fields
	// retires the object: they are written, and it stays.
	Fields schema.Fields
	// Add and Remove are the members of the set that Channel carries.
	Add, Remove []string
	// Live is what the provider read, nil for a create.
	Live *schema.Object
	// Whole is set when others refer to the object: where the answer to the write
	// leaves out what only the server sets, the object is read again.
	Whole bool
}

// Operation is exactly one API call that carries one write or many.
type Operation struct {
	Kind string
	// Name says to people what it does: "create contact", `add tag "vip"`.
	Name string
	// Method and Path as documented by the API, with placeholders for ids:
	// "POST", "/contacts/bulk/tags/update/add".
	Method, Path string
	Action       Action
	Channel      string
	// Bulk is set when one call carries many writes.
	Bulk bool
	// Reads are how many reads go along with the call, which a plan's cost has.
	Reads int
	// Writes are carried by the call.
	Writes []Write
}

// Outcome is the verdict on one write.
type Outcome uint8

// The outcomes of a Result.
const (
	// Done writes are in effect.
	Done Outcome = iota + 1
	// Failed writes were refused and are not in effect.
	Failed
	// Uncertain writes were sent and their answer was lost: only a look at
	// the live object tells. The plan calls them "unknown".
	Uncertain
)

// Result is the verdict on one write of an operation.
type Result struct {
	Outcome Outcome
	// Object is the object after the write as far as the answer tells it;
	// after a create its ID is set.
	Object schema.Object
	// Dropped are the paths of fields that the answer of a Done write shows not to
	// be in effect: the server left them out, or made something else of them.
	Dropped []string
	// Err is why a write failed or is uncertain, or what became of Dropped fields.
	Err error
}

// Normalizer is implemented by providers whose desired values have more than
// one spelling. Normalize returns the one that List and Get also return, and
// may add Derived fields. It may be called before Configure, to validate, and
// then skips what it could only know from the account. Errors are
// *FieldError.
type Normalizer interface {
	Normalize(ctx context.Context, kind string, fields schema.Fields) (schema.Fields, error)
}

// Previewer is implemented by providers whose spelling depends on arguments of the
// provider block. Preview takes those before Configure, to validate. It does no I/O.
type Previewer interface {
	Preview(config cty.Value)
}

// KeyChecker is implemented by providers with maps whose keys name objects that
// say what the values may be, such as custom fields with a data type. KeyCheck
// returns a function that returns why the value of one key does not fit what it
// names, as a *FieldError, or nil. named gives the attributes that the named
// object has after the plan. Neither does any I/O.
type KeyChecker interface {
	KeyCheck(named func(attribute string) schema.Value) func(schema.Field) error
}

// Foreseer is implemented by providers that can tell at a plan what comes of writes
// of kinds with schema.Kind.Foreseen, before any of them is made. Foresee may read, and
// changes nothing. The values of a write may be unknown.
type Foreseer interface {
	Foresee(ctx context.Context, writes []Write) ([]Finding, error)
}

// Severity is what a finding does to a plan.
type Severity uint8

// The severities.
const (
	// Told findings are shown with the plan.
	Told Severity = iota
	// Refused findings keep the plan from being applied, as a guard does.
	Refused
	// Wrong findings are errors of the plan.
	Wrong
)

// Finding is what comes of a write.
type Finding struct {
	// Write is the number of the write among those given.
	Write    int
	Severity Severity
	// Summary sums up what findings of the kind are about: "Not free".
	Summary string
	// FieldError names the attribute, what comes of it and what to do.
	FieldError
}

// Restricted is implemented by providers with accounts that can only be read.
// CanWrite returns why an object with the given fields cannot be written, as a
// *FieldError; nil when it can, or when the fields do not tell. config is
// the provider block and may hold unknown values. It does no I/O and may be
// called before Configure, to validate.
type Restricted interface {
	CanWrite(config cty.Value, kind string, fields schema.Fields) error
}

// Leveled is implemented by providers with accounts that others belong to. Reach
// returns why an account does not reach what a kind or data source of a level is
// about, as a *FieldError without a path; nil when it does. name is that of the kind
// or data source, and config the provider block, which may hold unknown values. It
// does no I/O and may be called before Configure, to validate.
type Leveled interface {
	Reach(config cty.Value, name string, level schema.Level) error
}

// Identified is implemented by providers that can say which account they were
// configured for, without any secret: what a saved plan is bound to.
type Identified interface {
	Account() string
}

// Placed is implemented by providers that can tell people which account they write
// to. Place may make one API call; the name is empty where the account has none, or
// the token may not read it, which the error tells as well.
type Placed interface {
	Place(ctx context.Context) (Place, error)
}

// Place is an account as people know it: the location "Run Club" with its id.
type Place struct {
	// Noun is the word for such accounts: "location".
	Noun     string
	ID, Name string
}

// Inspected is implemented by providers with several accounts behind them. Inspect
// looks at each before anything is planned, by one call or one file, in the order of
// their names.
type Inspected interface {
	Inspect(ctx context.Context) []Inspection
}

// Inspection is what a look at one account found.
type Inspection struct {
	// Account is its name in the files.
	Account string
	// Found tells people what is there, as the end of a sentence that begins with the
	// account; it holds nothing personal.
	Found string
	// Err is why it cannot be read.
	Err error
}

// Bound is implemented by providers that can tell which account objects lie in,
// so that a state is not used for another account. Bindings names the accounts:
// under "" the account of all objects, or else, under each name that ids begin
// with, the account of these objects. It has what is known so far, which may be
// nothing before Configure or before anything was read.
type Bound interface {
	Bindings() map[string]string
}

// Warner is implemented by providers that go on when what they read is odd.
// Warnings returns what was odd so far, each time all of it. It holds no value of
// an object.
type Warner interface {
	Warnings() []Warning
}

// Warning reports what is odd in one of the accounts behind a provider.
type Warning struct {
	// Account is its name in the files.
	Account string
	// Problem is a sentence part that says where, what is odd, and what is made
	// of it.
	Problem string
}

// Downloader is implemented by providers with data sources that read bytes. Download
// reads what the data source of a name asks for by its arguments: no more than most
// bytes, or an error. It is nil when there is no such thing.
type Downloader interface {
	Download(ctx context.Context, source string, arguments schema.Fields, most int64) (*Download, error)
}

// Download is what a Downloader read.
type Download struct {
	Content []byte
	// Type is what the server calls it, such as "audio/x-wav"; empty when it does not.
	Type string
}

// Paged is implemented by providers whose accounts have pages for people. Pages
// returns the address under which the Page of each kind lies, with a slash at its end;
// empty when there are none, as of an emulated account. It does no I/O.
type Paged interface {
	Pages() string
}

// Counter is implemented by providers that count their API calls and know
// their limits.
type Counter interface {
	Usage() Usage
}

// Usage is how much of the API has been used and may be used.
type Usage struct {
	// Calls made since Configure, retries included.
	Calls int
	// Max calls are allowed per IntervalSeconds; 0 when not known.
	Max             int
	IntervalSeconds float64
	// DailyLimit and DailyRemaining are 0 and -1 when not known.
	DailyLimit     int
	DailyRemaining int
	// Ahead is how far the clock of this machine is ahead of the server's, negative
	// when it is behind, to the second; 0 when the server does not tell.
	Ahead time.Duration
}

// Invoker is implemented by providers that declare actions. Invoke makes the one API
// call of an action; the result has no Object.
type Invoker interface {
	Invoke(ctx context.Context, i Invocation) Result
}

// Invocation is one run of an action.
type Invocation struct {
	// Address is that of the action, for messages.
	Address string
	// Action is its name.
	Action string
	// Fields are the arguments, all known.
	Fields schema.Fields
}

// Closer is implemented by providers that hold something until the end of a
// command.
type Closer interface {
	Close() error
}
