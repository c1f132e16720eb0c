import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { programs } from "./debian_program.ts";
import { type Machine, providePrograms } from "./provide_programs.ts";

const NEEDED = [programs.redis, programs.mariadb, programs.mariadbInstaller];

/** A machine of one folder; its apt-get notes what it is asked for and brings `brings`. */
function machine(has: string[], more: Partial<Machine> = {}, brings: string[] | null = []) {
  const folder = temporaryFolder();
  const bin = folder.path("bin");
  const asked = folder.path("asked");
  mkdirSync(bin);
  const put = (name: string, text: string) => {
    writeFileSync(`${bin}/${name}`, text);
    chmodSync(`${bin}/${name}`, 0o755);
  };
  for (const name of has) put(name, "#!/bin/sh\n");
  writeFileSync(asked, "");
  if (brings !== null) {
    const makes = brings.map((name) => `: > ${bin}/${name}`).join("\n");
    put("apt-get", `#!/bin/sh\necho "$*" >> ${asked}\n[ "$1" = install ] || exit 0\n${makes}\n`);
  }
  const said: string[] = [];
  const outcome = providePrograms(NEEDED, {
    ...{ folders: [bin], isRoot: true, mayInstall: true, say: (line) => void said.push(line) },
    ...more,
  });
  const requests = readFileSync(asked, "utf8").split("\n").filter((line) => line !== "");
  folder.remove();
  return { outcome, said, requests };
}

describe("providePrograms", () => {
  test("leaves a machine alone that has all", () => {
    const has = NEEDED.map(({ name }) => name);
    expect(machine(has)).toEqual({ outcome: null, said: [], requests: [] });
  });

  test("installs each missing package once, and says which", () => {
    const { outcome, said, requests } = machine(["redis-server"], {}, [
      "mariadbd",
      "mariadb-install-db",
    ]);
    expect(outcome).toBeNull();
    expect(said).toEqual([expect.stringContaining("installing mariadb-server by apt-get")]);
    expect(requests).toEqual([
      "update -qq",
      "install -y -qq --no-install-recommends mariadb-server",
    ]);
  });

  test("installs nothing where that is forbidden, and says exactly what is missing", () => {
    const { outcome, said, requests } = machine(["mariadbd"], { mayInstall: false });
    expect(outcome).toBe(
      "Cannot run every test as redis-server, mariadb-install-db must be installed: apt-get " +
        "install redis-server mariadb-server; or unset GOLAZO_TEST_INSTALL, which forbids that " +
        "this does it",
    );
    expect({ said, requests }).toEqual({ said: [], requests: [] });
  });

  test("says what stood in its way: not root, no Debian, an apt-get that failed", () => {
    expect(machine([], { isRoot: false }).outcome).toMatch(/; this does it by itself as root$/);
    expect(machine([], {}, null).outcome).toMatch(/; this is no Debian/);
    const { outcome, requests } = machine([]);
    expect(outcome).toMatch(/; apt-get was tried and did not bring them$/);
    expect(requests.length).toBe(2);
  });
});
