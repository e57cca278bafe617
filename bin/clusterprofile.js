#!/usr/bin/env node
'use strict';
require('../dist/cli.cjs')
  .start(process.argv.slice(2))
  .then((code) => {
    // Not process.exit: output may still be on its way to a pipe.
    process.exitCode = code;
  });
