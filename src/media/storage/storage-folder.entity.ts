import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** The folder with the files of this database if STORAGE is `local`; at most one row. */
@Entity('storage_folder')
@Check('storage_folder_single', 'single')
export class StorageFolder {
  @PrimaryColumn('boolean', { default: true, primaryKeyConstraintName: 'storage_folder_pkey' })
  single!: boolean;

  /** Also written to a file in the folder. */
  @Column('uuid')
  id!: string;
}
