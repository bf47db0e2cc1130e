package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// Files is where data sources leave what they read into files. Has reports whether
// a file has some content, or why the content cannot be kept in it; Make makes the
// file unless it has the content.
type Files interface {
	Has(path string, content []byte) (bool, error)
	Make(path string, content []byte) error
}

// downloads are the files that data blocks name. A plan reads them to tell what they
// are, and keeps nothing; an apply makes those that are not there yet.
type downloads struct {
	// making is set when files are made as they are read.
	making bool
	// claims are what the files are to hold, by their paths.
	claims map[string]claimedFile
	// missing are the instances whose files are to be made by an apply.
	missing []missingFile
	// made are the files that were made.
	made []string
}

// missingFile is an instance of a data block whose file is not there yet.
type missingFile struct {
	block    *dataBlock
	instance eval.Instance
}

// claimedFile is what an instance reads into a file: the SHA-256 of the content.
type claimedFile struct {
	instance schema.Address
	sum      string
}

// claim notes what a file is to hold. Two contents of one file are an error.
func (d *downloads) claim(name string, file claimedFile) error {
	name = path.Clean(name)
	before, known := d.claims[name]
	switch {
	case known && before.sum != file.sum && before.instance == file.instance:
		return errors.New("what goes to the file changed since the plan was made: run the command again")
	case known && before.sum != file.sum:
		return fmt.Errorf("%s names the file %s too, for other content: give each its own", before.instance, name)
	}
	if d.claims == nil {
		d.claims = map[string]claimedFile{}
	}
	d.claims[name] = file
	return nil
}

// download reads what an instance of a data block asks for, and makes its file or
// leaves that to the apply.
func (e dataBlocks) download(ctx context.Context, a *account, d *dataBlock, inst eval.Instance) (cty.Value, error) {
	ds := d.block.Resource.DataSource
	kind := a.schema.Kind(ds.Kind)
	if name := inst.Fields.Value(schema.DownloadFile).Text(); !strings.HasSuffix(name, ds.Download.Ending) {
		return cty.NilVal, fmt.Errorf("the name of the file must end in %s: %q does not", ds.Download.Ending, name)
	}
	most, err := downloadLimit(inst.Fields)
	if err != nil {
		return cty.NilVal, err
	}
	from, ok := a.provider.(providers.Downloader)
	if !ok {
		return cty.NilVal, errors.New("the provider cannot read into files")
	}
	got, err := from.Download(ctx, ds.Name, inst.Fields, most)
	if err != nil {
		return cty.NilVal, err
	}
	if got == nil {
		return cty.NilVal, fmt.Errorf("there is no %s with %s", kind.Noun, describe(inst.Fields))
	}
	sum := sha256.Sum256(got.Content)
	file := claimedFile{inst.Address, hex.EncodeToString(sum[:])}
	if err := e.keep(missingFile{d, inst}, got.Content, file); err != nil {
		return cty.NilVal, err
	}
	read := schema.Object{Kind: kind.Name, Fields: downloaded(inst.Fields, got, file.sum)}
	for _, key := range kind.Keys {
		for _, name := range key {
			read.ID += inst.Fields.Value(name).Text()
		}
	}
	return liveValue(kind, &read), nil
}

// keep makes a file now, or notes that it is to be made.
func (e dataBlocks) keep(m missingFile, content []byte, file claimedFile) error {
	files, name := &e.run.downloads, m.instance.Fields.Value(schema.DownloadFile).Text()
	if err := files.claim(name, file); err != nil || e.Files == nil {
		return err
	}
	there, err := e.Files.Has(name, content)
	switch {
	case err != nil || there:
		return err
	case !files.making:
		files.missing = append(files.missing, m)
		return nil
	}
	if err := e.Files.Make(name, content); err != nil {
		return err
	}
	files.made = append(files.made, name)
	return nil
}

// downloaded are the arguments of an instance with what was read.
func downloaded(arguments schema.Fields, got *providers.Download, sum string) schema.Fields {
	fields := append(schema.Fields{
		{Path: schema.DownloadSize, Value: schema.NumberValue(strconv.Itoa(len(got.Content)))},
		{Path: schema.DownloadSum, Value: schema.StringValue(sum)},
		{Path: schema.DownloadType, Value: schema.StringValue(got.Type)},
	}, arguments...)
	fields.Sort()
	return fields
}

// downloadLimit is how many bytes are read at most.
func downloadLimit(arguments schema.Fields) (int64, error) {
	given := arguments.Value(schema.DownloadLimit)
	if given.IsAbsent() {
		return schema.DefaultDownload, nil
	}
	n, err := strconv.ParseInt(given.Text(), 10, 64)
	if err != nil || n < 1 || n > schema.MaxDownload {
		return 0, fmt.Errorf("%s is a whole number from 1 to %d, and %s is not", schema.DownloadLimit, schema.MaxDownload, given.Text())
	}
	return n, nil
}

// makeFiles makes the files that are not there yet, before anything else is done.
// Their content is read again, as a plan keeps none, and must be what was planned.
func (e dataBlocks) makeFiles(ctx context.Context, p *planner.Plan) (diags hcl.Diagnostics) {
	if p.Destroy {
		return nil
	}
	files := &e.run.downloads
	files.making = true
	for _, m := range files.missing {
		found, _ := e.readData(ctx, m.block, m.instance)
		diags = append(diags, found...)
	}
	files.missing = nil
	return diags
}
