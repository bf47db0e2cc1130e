package bench

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// The files of a project.
const (
	mainFile  = "main.hcl"
	varsFile  = "bench.auto.vars.hcl"
	peopleCSV = "people.csv"
	baseCSV   = "base.csv" // the people as the sandbox began
	dealsCSV  = "deals.csv"
	stateFile = "lockstep.state.jsonl"
	planFile  = "tag.plan"
)

const configuration = `provider "ghl" {}

variable "tags" {
  type    = list(string)
  default = []
}

resource "ghl_contact" "people" {
  for_each = { for row in csvdecode(file("people.csv")) : row.email => row }

  email       = each.value.email
  first_name  = each.value.first_name
  last_name   = each.value.last_name
  phone       = each.value.phone != "" ? each.value.phone : null
  address     = each.value.address
  city        = each.value.city
  state       = each.value.state
  postal_code = each.value.postal_code
  tags        = var.tags
}
`

// mapping keeps some fields of everybody in step, without a resource of its own.
const mapping = `provider "ghl" {}

variable "tags" {
  type    = list(string)
  default = []
}

mapping "people" {
  for_each = { for row in csvdecode(file("people.csv")) : row.email => row }
  target   = "ghl_contact"
  match    = { email = each.value.email }

  field "city" { value = each.value.city }
  field "state" { value = each.value.state }
  field "first_name" {
    value     = each.value.first_name
    direction = "once"
  }
}
`

// header are the columns of the CSV.
var header = []string{"email", "first_name", "last_name", "phone", "address", "city", "state", "postal_code"}

// columnCity is the one that changes.
const columnCity = 5

// project is a folder with the files for all people of a sandbox.
type project struct {
	opts  Options
	dir   string
	env   []string
	proxy *proxy
	crm   *crm
	// keepers of the states of some groups.
	keepers keepers

	size    int // people in the sandbox at the beginning
	created int // people that the files add
	changes int // how often people were changed
	tags    int // how many tags everybody has
}

// open starts a sandbox and writes the project for it. The caller closes it.
func (o Options) open(ctx context.Context, size int) (*project, error) {
	c, err := o.startCRM(ctx, size)
	if err != nil {
		return nil, err
	}
	p := &project{opts: o, crm: c, size: size, proxy: newProxy(c.base), dir: filepath.Join(o.Dir, strconv.Itoa(size))}
	p.env = o.environment("GHL_BASE_URL="+p.proxy.server.URL, "GHL_LOCATION_ID="+c.location, "GHL_TOKEN="+c.token)
	if err := p.begin(ctx); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

func (p *project) begin(ctx context.Context) error {
	if err := os.MkdirAll(p.dir, 0o755); err != nil {
		return err
	}
	if err := p.configure(configuration); err != nil {
		return err
	}
	if err := p.crm.savePeople(ctx, filepath.Join(p.dir, baseCSV)); err != nil {
		return fmt.Errorf("read the people: %w", err)
	}
	if err := p.crm.saveDeals(ctx, filepath.Join(p.dir, dealsCSV)); err != nil {
		return fmt.Errorf("read the opportunities: %w", err)
	}
	return p.writePeople(0)
}

// configure writes what the files want.
func (p *project) configure(text string) error {
	return os.WriteFile(filepath.Join(p.dir, mainFile), []byte(text), 0o644)
}

func (p *project) close() error {
	p.proxy.server.Close()
	p.keepers.close()
	return p.crm.stop()
}

// forget removes the state, so that everybody is adopted anew.
func (p *project) forget() error {
	err := os.Remove(filepath.Join(p.dir, stateFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// change gives each share-th person another city.
func (p *project) change(share int) error {
	p.changes++
	return p.writePeople(share)
}

// create adds people to the files that the CRM does not know yet.
func (p *project) create() error {
	p.created += min(mostCreates, max(1, p.size/10))
	return p.writePeople(100)
}

// tag gives everybody one more tag.
func (p *project) tag() error {
	p.tags++
	names := make([]string, p.tags)
	for i := range names {
		names[i] = strconv.Quote(fmt.Sprintf("bench %d", i+1))
	}
	text := "tags = [" + strings.Join(names, ", ") + "]\n"
	return os.WriteFile(filepath.Join(p.dir, varsFile), []byte(text), 0o644)
}

// people is how many people the files name.
func (p *project) people() int { return p.size + p.created }

// writePeople writes the CSV anew from the first one, row by row.
func (p *project) writePeople(share int) error {
	from, err := os.Open(filepath.Join(p.dir, baseCSV))
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.Create(filepath.Join(p.dir, peopleCSV))
	if err != nil {
		return err
	}
	return errors.Join(p.copyPeople(csv.NewReader(from), csv.NewWriter(to), share), to.Close())
}

func (p *project) copyPeople(from *csv.Reader, to *csv.Writer, share int) error {
	from.ReuseRecord = true
	for i := -1; ; i++ { // the header is row -1
		row, err := from.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if i >= 0 && p.changes > 0 && i%share == 0 {
			row[columnCity] = fmt.Sprintf("Newtown %d", p.changes)
		}
		if err := to.Write(row); err != nil {
			return err
		}
	}
	for i := range p.created {
		row := []string{fmt.Sprintf("new.%d@example.com", i+1), "New", fmt.Sprintf("Person %d", i+1), "", "1 Main Street", "Denver", "CO", "80202"}
		if err := to.Write(row); err != nil {
			return err
		}
	}
	to.Flush()
	return to.Error()
}
