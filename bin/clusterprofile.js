#!/usr/bin/env node
'use strict';
require('../dist/cli.cjs')
  .start(process.argv.slice(2))
  .then((code) => {
    // Not process.exit: it would cut what is still on its way. Only a connection that never ends is not waited for.
    process.exitCode = code;
    setTimeout(() => process.exit(), 2000).unref();
  });
