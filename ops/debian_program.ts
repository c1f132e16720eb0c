/**
 * Programs that are not npm's to bring: where they are, and which package of
 * Debian has those that are missing.
 */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";

export interface DebianProgram {
  name: string;
  debianPackage: string;
}

export const programs = {
  redis: { name: "redis-server", debianPackage: "redis-server" },
  mariadb: { name: "mariadbd", debianPackage: "mariadb-server" },
  mariadbInstaller: { name: "mariadb-install-db", debianPackage: "mariadb-server" },
  chromium: { name: "chromium", debianPackage: "chromium" },
  haproxy: { name: "haproxy", debianPackage: "haproxy" },
  nginx: { name: "nginx", debianPackage: "nginx" },
  rsvgConvert: { name: "rsvg-convert", debianPackage: "librsvg2-bin" },
  /** Modules of Debian's own Python, named by their folders. */
  python: { name: "python3", debianPackage: "python3" },
  pythonWebsockets: { name: "websockets", debianPackage: "python3-websockets" },
  pythonWsproto: { name: "wsproto", debianPackage: "python3-wsproto" },
  openssl: { name: "openssl", debianPackage: "openssl" },
} as const satisfies Record<string, DebianProgram>;

/** Where Debian puts servers, and no ordinary user's PATH leads to. */
const SERVER_FOLDERS = ["/usr/sbin", "/usr/local/sbin"];

/** The folders that this process finds programs in. */
export function programFolders(): string[] {
  return [...(process.env.PATH ?? "").split(delimiter), ...SERVER_FOLDERS];
}

/** Its path; null where it is not installed. */
export function findProgram(
  { name }: Pick<DebianProgram, "name">,
  folders = programFolders(),
): string | null {
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}

/** As apt-get takes them, each once. */
export function packagesOf(missing: readonly DebianProgram[]): string {
  return [...new Set(missing.map(({ debianPackage }) => debianPackage))].join(" ");
}
